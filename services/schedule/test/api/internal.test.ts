import assert from "node:assert/strict";
import { journeyPageSchema } from "@jatra/contracts/http/schedule.ts";
import { journeySchema } from "@jatra/contracts/messages/journey-published.ts";
import { internalHeaders } from "@jatra/testing/test-identity.ts";
import { keepJourneys } from "../../src/data/keep-journeys.ts";
import { seedSampleData } from "../../src/sample/seed-sample-data.ts";
import { startScheduleApp, type ScheduleApp } from "../support/schedule-app.ts";

/** Before the sample's first departure of the day, 06:00 in Dhaka. */
const now = new Date("2056-12-01T18:00:00Z");

describe("schedule's internal API", () => {
  let schedule: ScheduleApp;
  before(async () => {
    schedule = await startScheduleApp(() => now);
    await seedSampleData(schedule.database.pool);
    // Two trains are enough here: 22 journeys.
    await schedule.database.pool.query(
      "UPDATE trains SET active = false WHERE train_id NOT IN ('704', '742')",
    );
    await keepJourneys({ pool: schedule.database.pool, now });
  });
  after(() => schedule.close());

  const ask = (method: string, path: string) =>
    schedule.app.request(method, path, { headers: internalHeaders });

  it("is closed without the platform's token, also to an admin", async () => {
    const identity = { userId: "a1", role: "admin" } as const;
    const paths = ["/internal/journeys", "/internal/journeys/test-journey"];
    for (const path of paths) {
      assert.equal((await schedule.app.request("GET", path, { identity })).status, 401);
    }
  });

  it("gives the full journey, the same bytes as the public one", async () => {
    const internal = await ask("GET", "/internal/journeys/704-20561202");
    const journey = journeySchema.parse(internal.body);
    assert.equal(journey.stops.at(0)?.departsAt, "2056-12-02T01:45:00.000Z");
    const open = await schedule.app.request("GET", "/api/journeys/704-20561202");
    assert.deepEqual(open.bytes, internal.bytes);
    assert.equal((await ask("GET", "/internal/journeys/704-20501202")).status, 404);
  });

  it("walks over all journeys by cursor", async () => {
    const ids: string[] = [];
    let after = "";
    do {
      const answer = await ask("GET", `/internal/journeys?limit=10${after}`);
      const page = journeyPageSchema.parse(answer.body);
      ids.push(...page.journeys.map(({ journeyId }) => journeyId));
      after = page.nextCursor === null ? "" : `&after=${page.nextCursor}`;
    } while (after !== "");
    const { rows } = await schedule.database.pool.query<{ id: string }>(
      "SELECT journey_id AS id FROM journeys ORDER BY journey_id",
    );
    assert.deepEqual(
      ids,
      rows.map(({ id }) => id),
    );
    assert.equal(ids.length, 23);
  });
});
