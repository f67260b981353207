import { generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { clientAddressHeader, clientAddressToken } from "@jatra/contracts/identity.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp, type TestApp } from "@jatra/testing/test-app.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { testInternalToken } from "@jatra/testing/test-identity.ts";
import { SignJWT } from "jose";
import { createApp } from "../src/app.ts";
import { createClientAddressReader } from "../src/client-address.ts";
import { createSigningKeyStore } from "../src/data/signing-key-store.ts";
import { createPasswordHasher } from "../src/domain/hash-password.ts";
import { createKeyRing, type KeyRing } from "../src/domain/key-ring.ts";
import { limitConcurrency } from "../src/domain/limit-concurrency.ts";

export type AuthFixture = {
  readonly app: TestApp;
  readonly database: TestDatabase;
  readonly keyRing: KeyRing;
  readonly wrappingKey: Buffer;
  /** Headers of a request that came from this address through the gateway. */
  readonly from: (address: string) => Promise<Record<string, string>>;
  readonly close: () => Promise<void>;
};

/** Cheap hashes: the tests are about everything but their cost. */
const cheap = { N: 2 ** 10, r: 8, p: 1 };

/** Auth as a whole over a fresh database. `identityPublicKey`: of the gateway that stands before it, if any. */
export const startAuth = async (
  identityPublicKey?: string,
  hashing = { running: 4, waiting: 1_000 },
): Promise<AuthFixture> => {
  const passwords = createPasswordHasher(limitConcurrency(hashing), cheap);
  const database = await createTestDatabase({ folder: new URL("../migrations", import.meta.url) });
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const identityKey =
    identityPublicKey ?? publicKey.export({ format: "der", type: "spki" }).toString("base64");
  const wrappingKey = randomBytes(32);
  const keyRing = createKeyRing(createSigningKeyStore(database.pool), wrappingKey);
  await keyRing.refresh();
  const app = await startTestApp(
    createApp({
      pool: database.pool,
      keyRing,
      passwords,
      logger: silentLogger,
      metrics: createMetrics("auth-service"),
      clientAddress: createClientAddressReader(identityKey),
      verifyIdentity: createIdentityVerifier(identityKey),
      internalToken: testInternalToken,
      wakeRelay: () => undefined,
      accepting: () => true,
    }),
  );
  return {
    app,
    database,
    keyRing,
    wrappingKey,
    from: async (address) => ({ [clientAddressHeader]: await signAddress(address, privateKey) }),
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
};

const signAddress = async (address: string, key: KeyObject): Promise<string> =>
  new SignJWT()
    .setProtectedHeader({ alg: "EdDSA" })
    .setSubject(address)
    .setIssuer(clientAddressToken.issuer)
    .setAudience(clientAddressToken.audience)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(key);
