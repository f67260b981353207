import { createSigningKeyStore } from "@jatra/auth/data/signing-key-store.ts";
import { createAccessTokenIssuer } from "@jatra/auth/domain/issue-access-token.ts";
import { createKeyRing } from "@jatra/auth/domain/key-ring.ts";
import type { BenchPlatform } from "./start-platform.ts";

export type Buyer = { readonly userId: string; readonly token: string };

/**
 * Buyers who have just signed in: their tokens are made by auth-service's own code with its own key, without the hash
 * of a password each. The gateway checks them as it checks anybody's. They live 15 minutes.
 */
export const signIn = async (
  platform: Pick<BenchPlatform, "database" | "secrets">,
  count: number,
): Promise<readonly Buyer[]> => {
  const { pool } = platform.database("auth");
  const wrappingKey = Buffer.from(platform.secrets.keyEncryptionKey, "base64");
  const keyRing = createKeyRing(createSigningKeyStore(pool), wrappingKey);
  await keyRing.refresh();
  const issue = createAccessTokenIssuer(keyRing);
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const userId = `buyer-${index}`;
      const account = { id: userId, email: `${userId}@example.com`, name: "Bench Buyer" };
      return { userId, token: await issue({ ...account, phone: "", role: "customer" }) };
    }),
  );
};
