import { randomUUID } from "node:crypto";
import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { insertFare } from "../data/fare-store.ts";
import { publishJourneyWithin } from "../data/publish-journey.ts";
import { insertRoute } from "../data/route-store.ts";
import { insertStation } from "../data/station-store.ts";
import { insertTrain } from "../data/train-store.ts";
import { testJourney } from "../domain/test-journey.ts";
import { expandTrain } from "./expand-train.ts";
import { sampleRates } from "./fares.ts";
import { sampleStations } from "./stations.ts";
import { sampleTrains } from "./trains.ts";

/** Any number that no other transaction of this database locks. */
const SEED_LOCK = 20_260_101;

/**
 * Fills an empty database with the sample railway; true if this call did. All or nothing in one transaction, under a
 * transaction's advisory lock (the only kind that holds through PgBouncer), so that pods starting together can't both. A
 * database with a single station in it is somebody's own and stays untouched.
 */
export const seedSampleData = (pool: pg.Pool): Promise<boolean> =>
  inTransaction(pool, async (transaction) => {
    await transaction.query("SELECT pg_advisory_xact_lock($1)", [SEED_LOCK]);
    if (!(await isEmpty(transaction))) return false;
    for (const [code, name] of Object.entries(sampleStations)) {
      await insertStation(transaction, { code, name });
    }
    for (const { route, train } of sampleTrains.map(expandTrain)) {
      await insertRoute(transaction, route);
      await insertTrain(transaction, train);
    }
    await seedTestJourney(transaction);
    return true;
  });

const isEmpty = async (transaction: Queryable): Promise<boolean> => {
  const { rows } = await transaction.query<{ used: boolean }>(
    `SELECT EXISTS (SELECT FROM stations) OR EXISTS (SELECT FROM journeys)
         OR EXISTS (SELECT FROM fare_versions) AS used`,
  );
  return rows[0]?.used === false;
};

const seedTestJourney = async (transaction: Queryable): Promise<void> => {
  const fareVersionId = randomUUID();
  await insertFare(transaction, fareVersionId, sampleRates);
  const journey = testJourney({ fareVersionId, currency: "BDT", rates: sampleRates });
  const origin = { trainId: null, localDate: "2099-01-01" };
  await publishJourneyWithin(transaction, journey, origin, randomUUID());
};
