import assert from "node:assert/strict";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { findJourney } from "../../src/data/journey-store.ts";
import { listStations } from "../../src/data/station-store.ts";
import { listTrains } from "../../src/data/train-store.ts";
import { seedSampleData } from "../../src/sample/seed-sample-data.ts";
import { migrations } from "../support/schedule-app.ts";

const counts = async ({ pool }: TestDatabase): Promise<unknown> => {
  const { rows } = await pool.query(
    `SELECT (SELECT count(*) FROM stations) AS stations, (SELECT count(*) FROM trains) AS trains,
            (SELECT count(*) FROM seats) AS seats, (SELECT count(*) FROM fare_versions) AS fares,
            (SELECT count(*) FROM journeys) AS journeys, (SELECT count(*) FROM outbox) AS messages`,
  );
  return rows[0];
};

describe("seeding the sample railway", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase({ folder: migrations });
  });
  after(() => database.drop());

  it("fills an empty database once, though five pods start together", async () => {
    const results = await Promise.all(
      Array.from({ length: 5 }, () => seedSampleData(database.pool)),
    );
    assert.equal(results.filter((seeded) => seeded).length, 1);
    assert.deepEqual(await counts(database), {
      stations: 47,
      trains: 32,
      seats: 32 * 314,
      fares: 1,
      journeys: 1,
      messages: 1,
    });
  });

  it("changes nothing when it runs again", async () => {
    const before = await counts(database);
    assert.equal(await seedSampleData(database.pool), false);
    assert.deepEqual(await counts(database), before);
  });

  it("publishes the test journey with its fare version", async () => {
    const journey = await findJourney(database.pool, "test-journey");
    assert.equal(journey?.departs, false);
    assert.equal(journey?.fare.rates.length, 5);
  });

  it("reads back what the samples say", async () => {
    const [first] = await listStations(database.pool, "CS", 1);
    assert.deepEqual(first, { id: "CTG", code: "CTG", name: "Chattogram" });
    const [train] = await listTrains(database.pool, "703", 1);
    assert.deepEqual(
      [train?.id, train?.from.code, train?.to.name, train?.coaches.length, train?.daysOff],
      ["704", "DHK", "Chattogram", 6, []],
    );
  });
});

describe("seeding a database that somebody uses", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase({ folder: migrations });
  });
  after(() => database.drop());

  it("leaves it alone", async () => {
    await database.pool.query("INSERT INTO stations (code, name) VALUES ('OWN', 'Own Station')");
    assert.equal(await seedSampleData(database.pool), false);
    assert.equal((await listStations(database.pool, "", 10)).length, 1);
  });
});
