import assert from "node:assert/strict";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { createTestDatabase } from "@jatra/testing/test-database.ts";
import { createApplyClaims } from "../../src/data/apply-claims.ts";
import { findSeatPlan, updateFreeSeats } from "../../src/data/journey-store.ts";
import { countFreeSeats } from "../../src/domain/count-free-seats.ts";
import { journeyOn, tomorrow } from "../support/journeys.ts";
import { startSearchApp, type SearchApp } from "../support/search-app.ts";

describe("applying claims", () => {
  let search: SearchApp;
  before(async () => {
    search = await startSearchApp();
  });
  after(() => search.close());

  const stateOf = async (journeyId: string): Promise<unknown> => {
    const { rows } = await search.database.pool.query(
      `SELECT revision, free_seats->'SNIGDHA' AS free FROM journeys WHERE journey_id = $1`,
      [journeyId],
    );
    return rows[0];
  };
  const claimed = { seatId: "KA-1", legs: [0] };

  it("counts seats free from the claims of the newest revision", async () => {
    await search.publish(journeyOn("j-1", tomorrow, "08:00"));
    assert.deepEqual(await stateOf("j-1"), { revision: -1, free: [[2, 2], [2]] });
    assert.equal(
      await search.applyClaims({ journeyId: "j-1", revision: 1, claims: [claimed] }),
      true,
    );
    assert.deepEqual(await stateOf("j-1"), { revision: 1, free: [[1, 1], [2]] });
    assert.equal(await search.applyClaims({ journeyId: "j-1", revision: 2, claims: [] }), true);
    assert.deepEqual(await stateOf("j-1"), { revision: 2, free: [[2, 2], [2]] });
  });

  it("drops what is older, and repeats", async () => {
    assert.equal(
      await search.applyClaims({ journeyId: "j-1", revision: 1, claims: [claimed] }),
      false,
    );
    assert.equal(
      await search.applyClaims({ journeyId: "j-1", revision: 2, claims: [claimed] }),
      false,
    );
    assert.deepEqual(await stateOf("j-1"), { revision: 2, free: [[2, 2], [2]] });
  });

  it("ends the same in any order, also when all come at once", async () => {
    await search.publish(journeyOn("j-2", tomorrow, "09:00"));
    const revisions = [7, 3, 9, 1, 8, 2, 5, 4, 6];
    await Promise.all(
      revisions.map((revision) =>
        search.applyClaims({
          journeyId: "j-2",
          revision,
          claims: revision === 9 ? [{ seatId: "KA-2", legs: [0, 1] }] : [claimed],
        }),
      ),
    );
    assert.deepEqual(await stateOf("j-2"), { revision: 9, free: [[1, 1], [1]] });
  });

  it("are one statement for all journeys that come together, and each is told its own end", async () => {
    for (const id of ["j-4", "j-5"]) await search.publish(journeyOn(id, tomorrow, "11:00"));
    await search.applyClaims({ journeyId: "j-5", revision: 6, claims: [] });
    const sent: unknown[] = [];
    const counting: Queryable = {
      query: (statement) => {
        sent.push(typeof statement === "string" ? statement : statement.name);
        return search.database.pool.query(statement);
      },
    };
    const applyClaims = createApplyClaims(counting);
    const apply = (journeyId: string, revision: number) =>
      applyClaims({ journeyId, revision, claims: [claimed] });
    const told = await Promise.all([apply("j-4", 2), apply("j-5", 5), apply("j-4", 1)]);
    assert.deepEqual(told, [true, false, false]);
    assert.deepEqual(
      sent.filter((name) => name === "free-seats"),
      ["free-seats"],
    );
    assert.deepEqual(await stateOf("j-4"), { revision: 2, free: [[1, 1], [2]] });
    assert.deepEqual(await stateOf("j-5"), { revision: 6, free: [[2, 2], [2]] });
  });

  it("would show old claims without the revision's condition", async () => {
    // The guard taken away: the same update without its condition on `revision`, so that what came last wins.
    const plan = await findSeatPlan(search.database.pool, "j-2");
    assert.ok(plan);
    const freeSeats = countFreeSeats(plan.coaches, plan.stopCount, []);
    const guarded = { journeyId: "j-2", revision: 1, freeSeats };
    assert.equal((await updateFreeSeats(search.database.pool, [guarded])).size, 0);
    await search.database.pool.query(
      "UPDATE journeys SET free_seats = $1, revision = 1 WHERE journey_id = 'j-2'",
      [JSON.stringify(freeSeats)],
    );
    assert.deepEqual(await stateOf("j-2"), { revision: 1, free: [[2, 2], [2]] });
  });

  it("lets claims of an unknown journey go", async () => {
    assert.equal(await search.applyClaims({ journeyId: "none", revision: 1, claims: [] }), false);
  });

  it("keeps what it knows when the journey is published again", async () => {
    await search.publish(journeyOn("j-3", tomorrow, "10:00"));
    await search.applyClaims({ journeyId: "j-3", revision: 4, claims: [claimed] });
    assert.equal(await search.publish(journeyOn("j-3", tomorrow, "10:00")), false);
    assert.deepEqual(await stateOf("j-3"), { revision: 4, free: [[1, 1], [2]] });
  });
});

describe("applying claims without a database that holds still", () => {
  it("throws, so that the message comes again", async () => {
    const database = await createTestDatabase();
    const applyClaims = createApplyClaims(database.pool);
    await assert.rejects(applyClaims({ journeyId: "j-1", revision: 1, claims: [] }));
    await database.drop();
  });
});
