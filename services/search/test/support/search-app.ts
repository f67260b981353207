import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp, type TestApp } from "@jatra/testing/test-app.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { testIdentityPublicKey, testInternalToken } from "@jatra/testing/test-identity.ts";
import { createApp } from "../../src/app.ts";
import { createApplyClaims, type ApplyClaims } from "../../src/data/apply-claims.ts";
import { insertJourney } from "../../src/data/journey-store.ts";
import { migrations } from "./journeys.ts";

export type SearchApp = {
  readonly app: TestApp;
  readonly database: TestDatabase;
  readonly applyClaims: ApplyClaims;
  readonly publish: (journey: Journey) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

/** search-service's HTTP side over a database of its own; it answers what was changed a millisecond ago, unless told otherwise. */
export const startSearchApp = async ({ foundTtlMs = 1 } = {}): Promise<SearchApp> => {
  const database = await createTestDatabase({ folder: migrations });
  const { pool } = database;
  const app = await startTestApp(
    createApp({
      pool,
      foundTtlMs,
      logger: silentLogger,
      metrics: createMetrics("search-service"),
      verifyIdentity: createIdentityVerifier(testIdentityPublicKey),
      internalToken: testInternalToken,
      accepting: () => true,
    }),
  );
  return {
    app,
    database,
    applyClaims: createApplyClaims(pool),
    publish: (journey) => inTransaction(pool, (transaction) => insertJourney(transaction, journey)),
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
};
