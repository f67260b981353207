import assert from "node:assert/strict";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { insertFare } from "../../src/data/fare-store.ts";
import { findJourney, listLiveJourneys } from "../../src/data/journey-store.ts";
import { keepJourneys } from "../../src/data/keep-journeys.ts";
import { seedSampleData } from "../../src/sample/seed-sample-data.ts";
import { migrations } from "../support/schedule-app.ts";

/** Midnight in Dhaka, years ahead of the database's clock, so that no journey of it has ended. */
const midnight = new Date("2056-12-01T18:00:00Z");
const dayLater = new Date("2056-12-02T18:00:00Z");

describe("keeping journeys ten days ahead", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase({ folder: migrations, poolSize: 20 });
    await seedSampleData(database.pool);
    // Those between Dhaka and Chattogram are enough: ten trains.
    await database.pool.query("UPDATE trains SET active = false WHERE train_id !~ '^(7[024]|78)'");
  });
  after(() => database.drop());

  const published = async (): Promise<{ journeys: unknown; messages: unknown; twice: unknown }> => {
    const { rows } = await database.pool.query(
      `SELECT (SELECT count(*) FROM journeys) AS journeys, (SELECT count(*) FROM outbox) AS messages,
              (SELECT count(*) - count(DISTINCT aggregate_id) FROM outbox) AS twice`,
    );
    return rows[0];
  };

  it("publishes each journey and its message once, though five pods run at the same moment", async () => {
    const made = await Promise.all(
      Array.from({ length: 5 }, () => keepJourneys({ pool: database.pool, now: midnight })),
    );
    const sum = made.reduce((total, count) => total + count, 0);
    assert.ok(sum > 50);
    assert.deepEqual(await published(), { journeys: sum + 1, messages: sum + 1, twice: 0 });
  });

  it("finds nothing to do right afterwards", async () => {
    const before = await published();
    assert.equal(await keepJourneys({ pool: database.pool, now: midnight }), 0);
    assert.deepEqual(await published(), before);
  });

  it("adds the new day at the next midnight and nothing else", async () => {
    const made = await keepJourneys({ pool: database.pool, now: dayLater });
    const { rows } = await database.pool.query<{ count: number }>(
      "SELECT count(*) FROM journeys WHERE local_date = '2056-12-13'",
    );
    assert.ok(made > 5);
    assert.equal(rows[0]?.count, made);
  });

  it("puts back a day that is missing", async () => {
    await database.pool.query("DELETE FROM journeys WHERE journey_id = '704-20561205'");
    assert.equal(await keepJourneys({ pool: database.pool, now: dayLater }), 1);
    assert.equal((await findJourney(database.pool, "704-20561205"))?.stops.length, 8);
  });

  it("keeps a journey at the fare it was published with; the next ones get the new one", async () => {
    const old = await findJourney(database.pool, "704-20561205");
    const id = "11111111-1111-4111-8111-111111111111";
    await insertFare(database.pool, id, [{ class: "SHOVAN", perKm: 999, minimum: 1 }]);
    await keepJourneys({ pool: database.pool, now: new Date("2056-12-03T18:00:00Z") });
    assert.deepEqual(await findJourney(database.pool, "704-20561205"), old);
    assert.equal((await findJourney(database.pool, "704-20561214"))?.fare.fareVersionId, id);
  });

  it("gives an inactive train no further journeys and keeps the published ones", async () => {
    await database.pool.query("UPDATE trains SET active = false WHERE train_id = '704'");
    await keepJourneys({ pool: database.pool, now: new Date("2056-12-04T18:00:00Z") });
    assert.equal(await findJourney(database.pool, "704-20561215"), undefined);
    assert.ok(await findJourney(database.pool, "704-20561214"));
  });

  it("lists journeys that have not ended, page by page, each once", async () => {
    await database.pool.query(
      "UPDATE journeys SET arrives_at = now() - interval '1 minute' WHERE journey_id = '704-20561205'",
    );
    const ids: string[] = [];
    for (;;) {
      const page = await listLiveJourneys(database.pool, ids.at(-1) ?? "", 30);
      if (page.length === 0) break;
      ids.push(...page.map(({ journeyId }) => journeyId));
    }
    const { journeys } = await published();
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids.length, Number(journeys) - 1);
    assert.ok(ids.includes("test-journey") && !ids.includes("704-20561205"));
  });
});
