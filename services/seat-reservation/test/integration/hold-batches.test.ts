import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { createHoldBatches } from "../../src/data/hold-batches.ts";
import { SeatTakenError, type NewHold } from "../../src/data/hold-store.ts";

const holdOf = (seatIds: readonly string[], more: Partial<NewHold> = {}): NewHold => ({
  lockId: randomUUID(),
  journeyId: "journey-1",
  userId: "anwar",
  tokenHash: randomBytes(32),
  seatIds,
  stretch: { fromSeq: 0, toSeq: 2, from: "DHK", to: "COM" },
  ttlSeconds: 600,
  ...more,
});

/** Counts statements, and can hold them back until a test says go. */
const watched = (database: Queryable) => {
  const statements: unknown[] = [];
  let gate: Promise<void> = Promise.resolve();
  const queryable: Queryable = {
    query: async (statement, values) => {
      statements.push(statement);
      await gate;
      return database.query(statement, values);
    },
  };
  const holdBack = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  return { queryable, statements, holdBack };
};

describe("holds written in batches", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
  });
  beforeEach(async () => {
    await database.pool.query("TRUNCATE locks, claims, seat_changes");
  });
  after(async () => database.drop());

  const claimed = async (): Promise<string[]> => {
    const { rows } = await database.pool.query<{ cell: string }>(
      `SELECT lock_id || ' ' || journey_id || ' ' || seat_id || ' ' || leg AS cell FROM claims ORDER BY 1`,
    );
    return rows.map(({ cell }) => cell);
  };
  const cellsOf = (...holds: readonly NewHold[]): string[] =>
    holds
      .flatMap(({ lockId, journeyId, seatIds }) =>
        seatIds.flatMap((seatId) => [0, 1].map((leg) => `${lockId} ${journeyId} ${seatId} ${leg}`)),
      )
      .toSorted();

  it("writes those of one moment with one statement, each with its own seats, owner and end", async () => {
    const { queryable, statements } = watched(database.pool);
    const batches = createHoldBatches(queryable);
    const holds = [
      holdOf(["seat-2", "seat-1"]),
      holdOf(["seat-3"], { userId: null, ttlSeconds: 60 }),
      holdOf(["seat-1"], { journeyId: "journey-2" }),
    ];
    const ends = await Promise.all(holds.map((hold) => batches.insert(hold)));
    assert.equal(statements.length, 1);
    assert.deepEqual(await claimed(), cellsOf(...holds));
    const { rows } = await database.pool.query(
      `SELECT lock_id AS "lockId", user_id AS "userId", token_hash AS "tokenHash", seat_ids AS "seatIds",
         expires_at AS "end", state, extract(epoch FROM expires_at - created_at)::int AS "ttlSeconds" FROM locks`,
    );
    const byLock = new Map(rows.map((row) => [row.lockId, row]));
    holds.forEach(({ lockId, userId, tokenHash, seatIds, ttlSeconds }, index) => {
      const lock = { lockId, userId, tokenHash, seatIds, ttlSeconds, state: "HELD" };
      assert.deepEqual(byLock.get(lockId), { ...lock, end: ends[index] });
    });
    const noted = await database.pool.query("SELECT journey_id FROM seat_changes ORDER BY 1");
    const journeys = [{ journey_id: "journey-1" }, { journey_id: "journey-2" }];
    assert.deepEqual(noted.rows, journeys);
  });

  it("refuses only the hold whose seat is taken, with all of its seats", async () => {
    const batches = createHoldBatches(database.pool);
    const earlier = holdOf(["seat-5"]);
    await batches.insert(earlier);
    const [free, taken] = [holdOf(["seat-4"]), holdOf(["seat-6", "seat-5"])];
    const [held, refused] = await Promise.allSettled([batches.insert(free), batches.insert(taken)]);
    assert.equal(held?.status, "fulfilled");
    assert.ok(refused?.status === "rejected" && refused.reason instanceof SeatTakenError);
    assert.equal(refused.reason.seatId, "seat-5");
    assert.deepEqual(await claimed(), cellsOf(earlier, free));
    const { rows } = await database.pool.query("SELECT lock_id FROM locks WHERE lock_id = $1", [
      taken.lockId,
    ]);
    assert.deepEqual(rows, []);
  });

  it("gives a seat that two of a batch want to one of them", async () => {
    const batches = createHoldBatches(database.pool);
    const rivals = [holdOf(["seat-7", "seat-8"]), holdOf(["seat-8", "seat-9"])];
    const ends = await Promise.allSettled(rivals.map((hold) => batches.insert(hold)));
    assert.deepEqual(ends.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
    const winner = rivals.filter((_, index) => ends[index]?.status === "fulfilled");
    assert.deepEqual(await claimed(), cellsOf(...winner));
  });

  it("has no more than two statements under way, and writes everybody who waits", async () => {
    const { queryable, statements, holdBack } = watched(database.pool);
    const go = holdBack();
    const batches = createHoldBatches(queryable);
    const holds = Array.from({ length: 100 }, (_, index) => holdOf([`seat-${index}`]));
    const ends = Promise.all(holds.map((hold) => batches.insert(hold)));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    assert.equal(statements.length, 2);
    go();
    await ends;
    // 32 at most a statement.
    assert.equal(statements.length, 4);
    assert.deepEqual(await claimed(), cellsOf(...holds));
  });

  it("tells each of a batch of an error that isn't a refusal, and goes on afterwards", async () => {
    let broken = true;
    const batches = createHoldBatches({
      query: async (statement, values) => {
        if (broken) throw new Error("Connection terminated");
        return database.pool.query(statement, values);
      },
    });
    const holds = [holdOf(["seat-1"]), holdOf(["seat-2"])];
    const ends = await Promise.allSettled(holds.map((hold) => batches.insert(hold)));
    const reasons = ends.map((end) => end.status === "rejected" && String(end.reason));
    assert.deepEqual(reasons, ["Error: Connection terminated", "Error: Connection terminated"]);
    broken = false;
    const later = holdOf(["seat-3"]);
    await batches.insert(later);
    assert.deepEqual(await claimed(), cellsOf(later));
  });
});
