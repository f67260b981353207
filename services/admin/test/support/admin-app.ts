import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp, type TestApp } from "@jatra/testing/test-app.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { testIdentityPublicKey, testInternalToken } from "@jatra/testing/test-identity.ts";
import { createApp } from "../../src/app.ts";
import { startFakeServices, type FakeServices } from "./fake-services.ts";

export type AdminApp = {
  readonly app: TestApp;
  readonly database: TestDatabase;
  readonly fakes: FakeServices;
  readonly close: () => Promise<void>;
};

export const migrations = new URL("../../migrations", import.meta.url);

/** admin-service over a database of its own, with the other services faked. */
export const startAdminApp = async (): Promise<AdminApp> => {
  const [database, fakes] = await Promise.all([
    createTestDatabase({ folder: migrations }),
    startFakeServices(),
  ]);
  const app = await startTestApp(
    createApp({
      pool: database.pool,
      serviceUrls: fakes.urls,
      logger: silentLogger,
      metrics: createMetrics("admin-service"),
      verifyIdentity: createIdentityVerifier(testIdentityPublicKey),
      internalToken: testInternalToken,
      accepting: () => true,
    }),
  );
  const close = async (): Promise<void> => {
    await app.close();
    await fakes.close();
    await database.drop();
  };
  return { app, database, fakes, close };
};
