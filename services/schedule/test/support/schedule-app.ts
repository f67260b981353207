import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp, type TestApp } from "@jatra/testing/test-app.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { testIdentityPublicKey, testInternalToken } from "@jatra/testing/test-identity.ts";
import { createApp } from "../../src/app.ts";

export type ScheduleApp = {
  readonly app: TestApp;
  readonly database: TestDatabase;
  readonly close: () => Promise<void>;
};

export const migrations = new URL("../../migrations", import.meta.url);

/** schedule-service's HTTP side over a database of its own. `now` stands still where a test says so. */
export const startScheduleApp = async (now?: () => Date): Promise<ScheduleApp> => {
  const database = await createTestDatabase({ folder: migrations });
  const app = await startTestApp(
    createApp({
      pool: database.pool,
      logger: silentLogger,
      metrics: createMetrics("schedule-service"),
      verifyIdentity: createIdentityVerifier(testIdentityPublicKey),
      internalToken: testInternalToken,
      accepting: () => true,
      trainsChanged: () => undefined,
      journeyPublished: () => undefined,
      ...(now ? { now } : {}),
    }),
  );
  const close = async (): Promise<void> => {
    await app.close();
    await database.drop();
  };
  return { app, database, close };
};
