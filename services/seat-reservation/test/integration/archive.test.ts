import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { forgetEnded } from "../../src/data/sweep-store.ts";
import { archiveJourneys } from "../../src/sweepers/archive-journeys.ts";
import { expireHolds } from "../../src/sweepers/expire-holds.ts";
import { publishChanges } from "../../src/sweepers/publish-changes.ts";
import { journeyOf, journeySourceOf } from "../fixtures/journeys.ts";
import { hold, pay, runOut, statesOf } from "../fixtures/requests.ts";
import { createSeatPlatform, type SeatPlatform } from "../fixtures/seat-platform.ts";

describe("what is over", () => {
  let platform: SeatPlatform;
  before(async () => {
    platform = await createSeatPlatform();
  });
  after(async () => platform.close());
  beforeEach(async () => {
    await platform.pool.query("TRUNCATE locks, claims, outbox, seat_changes, journey_revisions");
    await platform.redis.flushdb();
  });

  it("is forgotten when its lock ended long ago, and only then", async () => {
    for (const seatId of ["seat-1", "seat-2", "seat-3"]) {
      const lock = await hold(platform, [seatId]);
      if (seatId !== "seat-1") await runOut(platform, lock.lockId);
    }
    await expireHolds(platform);
    await platform.pool.query(
      "UPDATE locks SET expires_at = now() - interval '8 days' WHERE seat_ids = '{seat-2}'",
    );
    assert.equal(await forgetEnded(platform.pool), 1);
    assert.deepEqual(await statesOf(platform), ["EXPIRED -", "HELD HELD"]);
  });

  it("is forgotten in one go, however much there is", async () => {
    await platform.pool.query(
      `INSERT INTO locks (lock_id, journey_id, token_hash, seat_ids, from_seq, to_seq, from_code,
         to_code, state, expires_at)
       SELECT gen_random_uuid(), 'test-journey', decode(repeat('00', 32), 'hex'), '{seat-1}', 0, 1,
         'DHK', 'BRM', 'EXPIRED', now() - interval '8 days' FROM generate_series(1, 2100)`,
    );
    assert.equal(await forgetEnded(platform.pool), 2_100);
  });

  it("is put away when the train is long gone, and only then", async () => {
    const sold = async (seatId: string): Promise<string> => {
      const { lockId } = await hold(platform, [seatId], { userId: "anwar" });
      const bookingId = randomUUID();
      await pay(platform, lockId, { bookingId, userId: "anwar" });
      await platform.sales.sell({ lockId, bookingId, bookingVersion: 3 });
      return lockId;
    };
    await sold("seat-1");
    await hold(platform, ["seat-2"], { userId: "anwar" });
    await publishChanges(platform);
    const as = (departsAt: Date) =>
      archiveJourneys({ ...platform, journeys: journeySourceOf(journeyOf({ departsAt })) });
    const daysAgo = (days: number): Date => new Date(Date.now() - days * 24 * 3_600_000);
    assert.equal(await as(daysAgo(6)), 0);
    assert.deepEqual(await statesOf(platform), ["HELD HELD", "SOLD SOLD"]);
    assert.equal(await as(daysAgo(8)), 0, "somebody still holds a seat");
    assert.deepEqual(await statesOf(platform), ["HELD HELD"]);
    await platform.pool.query("UPDATE locks SET expires_at = now()");
    await expireHolds(platform);
    assert.equal(await as(daysAgo(8)), 1);
    assert.equal(await as(daysAgo(8)), 0);
  });
});
