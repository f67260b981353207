import { randomUUID } from "node:crypto";
import type { AccountWithPassword } from "./account.ts";
import type { PasswordHasher } from "./hash-password.ts";

export type AdminAccounts = {
  readonly byEmail: (email: string) => Promise<AccountWithPassword | undefined>;
  /** Inserts, or turns the account of this address into this one (keeping its id) and ends its sessions. */
  readonly putAdmin: (admin: AccountWithPassword) => Promise<void>;
};

/**
 * Sees to it that the first admin can sign in with the password of the Secret, also after that has changed. Every pod
 * calls it at its start; doing it twice at once does no harm. Answers whether anything had to be written.
 */
export const ensureAdmin = async (
  dependencies: { readonly accounts: AdminAccounts; readonly passwords: PasswordHasher },
  secret: { readonly email: string; readonly password: string },
): Promise<boolean> => {
  const email = secret.email.trim().toLowerCase();
  const existing = await dependencies.accounts.byEmail(email);
  const fits =
    existing?.role === "admin" &&
    (await dependencies.passwords.verify(secret.password, existing.passwordHash));
  if (fits) return false;
  await dependencies.accounts.putAdmin({
    id: existing?.id ?? randomUUID(),
    email,
    name: existing?.name ?? "Administrator",
    phone: existing?.phone ?? "",
    role: "admin",
    passwordHash: await dependencies.passwords.hash(secret.password),
  });
  return true;
};
