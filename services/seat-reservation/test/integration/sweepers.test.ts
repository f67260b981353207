import assert from "node:assert/strict";
import { readClaims } from "../../src/data/claim-store.ts";
import { randomUUID } from "node:crypto";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import type { BookingOutcome } from "@jatra/contracts/http/booking.ts";
import { seatsChangedSchema } from "@jatra/contracts/messages/seats-changed.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { internalHeaders } from "@jatra/testing/test-identity.ts";
import { createSeatMarkers } from "../../src/locks/seat-markers.ts";
import { createSeatMetrics } from "../../src/seat-metrics.ts";
import { checkInvariants } from "../../src/sweepers/check-invariants.ts";
import { expireHolds } from "../../src/sweepers/expire-holds.ts";
import { publishChanges } from "../../src/sweepers/publish-changes.ts";
import { resolvePayments } from "../../src/sweepers/resolve-payments.ts";
import { restoreMarkers } from "../../src/sweepers/restore-markers.ts";
import { hold, liveClaims, markersOf, pay, runOut, statesOf } from "../fixtures/requests.ts";
import { createSeatPlatform, type SeatPlatform } from "../fixtures/seat-platform.ts";

describe("sweepers", () => {
  let platform: SeatPlatform;
  before(async () => {
    platform = await createSeatPlatform();
  });
  after(async () => platform.close());
  beforeEach(async () => {
    await platform.pool.query("TRUNCATE locks, claims, outbox, seat_changes, journey_revisions");
    await platform.redis.flushdb();
  });

  describe("for overdue holds", () => {
    it("free the seats and leave holds alone that have time", async () => {
      const overdue = await hold(platform, ["seat-1", "seat-2"], { userId: "anwar" });
      await hold(platform, ["seat-3"], { userId: "anwar" });
      await runOut(platform, overdue.lockId);
      assert.equal(await expireHolds(platform), 1);
      assert.deepEqual(await liveClaims(platform), ["seat-3/0", "seat-3/1", "seat-3/2"]);
      assert.deepEqual(await statesOf(platform), ["EXPIRED -", "HELD HELD"]);
      assert.equal(await expireHolds(platform), 0);
    });

    it("free each hold once with many at work", async () => {
      const locks = await Promise.all(
        Array.from({ length: 12 }, async (_, index) => hold(platform, [`seat-${index + 1}`])),
      );
      for (const { lockId } of locks) await runOut(platform, lockId);
      const counts = await Promise.all(Array.from({ length: 6 }, () => expireHolds(platform)));
      assert.equal(
        counts.reduce((sum, count) => sum + count),
        12,
      );
      assert.deepEqual(await liveClaims(platform), []);
    });
  });

  describe("for payments that nobody ended", () => {
    const resolveWith = async (outcome: BookingOutcome | Error) =>
      resolvePayments({
        ...platform,
        booking: {
          resolve: async () => {
            if (outcome instanceof Error) throw outcome;
            return outcome;
          },
        },
      });
    const payOverdue = async (): Promise<void> => {
      const lock = await hold(platform, ["seat-1"], { userId: "anwar" });
      await pay(platform, lock.lockId, { userId: "anwar" });
      await platform.pool.query("UPDATE locks SET resolve_at = now()");
    };

    it("free the seats on booking-service's word", async () => {
      await payOverdue();
      assert.equal(await resolveWith("RELEASED"), 1);
      assert.deepEqual(await statesOf(platform), ["RELEASED -"]);
      assert.deepEqual(await markersOf(platform), {});
    });

    it("sell the seats on booking-service's word", async () => {
      await payOverdue();
      assert.equal(await resolveWith("CONFIRMED"), 1);
      assert.deepEqual(await statesOf(platform), ["SOLD SOLD"]);
      assert.equal(await platform.redis.pttl("seat:{test-journey}:seat-1:0"), -1);
    });

    it("leave them in payment while the booking lives or can't be asked, and ask again later", async () => {
      await payOverdue();
      assert.equal(await resolveWith("LIVE"), 0);
      assert.equal(await resolveWith("RELEASED"), 0, "leased to the one that asked");
      await platform.pool.query("UPDATE locks SET resolve_at = now()");
      assert.equal(await resolveWith(new Error("booking-service is away")), 0);
      assert.deepEqual(await statesOf(platform), ["PAYING PAYING"]);
      await platform.pool.query("UPDATE locks SET resolve_at = now()");
      assert.equal(await resolveWith("CONFIRMED"), 1);
    });

    it("don't ask about payments that have just begun", async () => {
      const lock = await hold(platform, ["seat-1"], { userId: "anwar" });
      await pay(platform, lock.lockId, { userId: "anwar" });
      assert.equal(await resolveWith("RELEASED"), 0);
    });
  });

  describe("for markers in Redis", () => {
    const restore = async () => restoreMarkers(platform);
    beforeEach(async () => {
      const paying = await hold(platform, ["seat-1"], { userId: "anwar" });
      await pay(platform, paying.lockId, { userId: "anwar" });
      await hold(platform, ["seat-2"], { userId: "selina", ttlSeconds: 100 });
      await publishChanges(platform);
    });

    it("bring them back after FLUSHALL, with the time that they have left", async () => {
      const before = await markersOf(platform);
      await platform.redis.flushdb();
      assert.equal(await restore(), 6);
      assert.deepEqual(await markersOf(platform), before);
      assert.equal(await platform.redis.pttl("seat:{test-journey}:seat-1:0"), -1);
      const ttlMs = await platform.redis.pttl("seat:{test-journey}:seat-2:0");
      assert.ok(ttlMs > 80_000 && ttlMs <= 100_000, `${ttlMs} ms`);
    });

    it("rest for a while after a look at a journey", async () => {
      assert.equal(await restore(), 0);
      await platform.redis.del("seat:{test-journey}:seat-1:0");
      assert.equal(await restore(), 0);
      await platform.redis.del("seat:{test-journey}:checked");
      assert.equal(await restore(), 1);
    });

    it("overwrite a stranger's, take the end off a paid one, remove those of ended locks", async () => {
      const ended = await hold(platform, ["seat-3"], { userId: "anwar" });
      await platform.pool.query("UPDATE locks SET state = 'RELEASED' WHERE lock_id = $1", [
        ended.lockId,
      ]);
      await platform.pool.query("DELETE FROM claims WHERE lock_id = $1", [ended.lockId]);
      await platform.redis.persist("seat:{test-journey}:seat-3:0");
      const stranger = randomUUID();
      await platform.redis.set("seat:{test-journey}:seat-2:0", stranger, "PX", 60_000);
      await platform.redis.pexpire("seat:{test-journey}:seat-1:0", 60_000);
      const arriving = randomUUID();
      await platform.redis.set("seat:{test-journey}:seat-9:0", arriving, "PX", 60_000);
      assert.equal(await restore(), 5);
      const markers = await markersOf(platform);
      assert.equal(Object.keys(markers).length, 7);
      assert.equal(markers["seat:{test-journey}:seat-9:0"], arriving, "its claim is on its way");
      assert.equal(Object.values(markers).includes(stranger), false);
      assert.equal(await platform.redis.pttl("seat:{test-journey}:seat-1:0"), -1);
    });
  });

  describe("for readers of the claims", () => {
    const published = async () => {
      const { rows } = await platform.pool.query<{ content: unknown }>(
        "SELECT content FROM outbox ORDER BY id",
      );
      return rows.map(({ content }) => seatsChangedSchema.parse(content));
    };

    it("write one message for a burst, with the live claims and a revision that grows", async () => {
      await hold(platform, ["seat-1"], { from: "DHK", to: "COM" });
      await hold(platform, ["seat-2"], { from: "COM" });
      assert.equal(await publishChanges(platform), 1);
      assert.equal(await publishChanges(platform), 0);
      const lock = await hold(platform, ["seat-3"], { userId: "anwar" });
      await platform.app.request("DELETE", `/api/seats/locks/${lock.lockId}`, {
        identity: { userId: "anwar" },
      });
      assert.equal(await publishChanges(platform), 1);
      const claims = [
        { seatId: "seat-1", legs: [0, 1] },
        { seatId: "seat-2", legs: [2] },
      ];
      assert.deepEqual(await published(), [
        { journeyId: "test-journey", revision: 1, claims },
        { journeyId: "test-journey", revision: 2, claims },
      ]);
      const path = "/internal/journeys/test-journey/claims";
      const answer = await platform.app.request("GET", path, { headers: internalHeaders });
      assert.deepEqual(answer.body, { journeyId: "test-journey", revision: 2, claims });
    });

    it("leave out holds whose time is over, though no sweeper has met them", async () => {
      await hold(platform, ["seat-1"], { from: "COM" });
      const overdue = await hold(platform, ["seat-2"]);
      await platform.pool.query(
        "UPDATE locks SET expires_at = now() - interval '1 second' WHERE lock_id = $1",
        [overdue.lockId],
      );
      const [journey] = await readClaims(platform.pool, ["test-journey"]);
      assert.deepEqual(journey?.claims, [{ seatId: "seat-1", legs: [2] }]);
    });

    it("never give an older state a higher revision, with many at work", async () => {
      const holding = (async () => {
        for (let seat = 1; seat <= 15; seat += 1) await hold(platform, [`seat-${seat}`]);
      })();
      const ended = new AbortController();
      const publishers = Array.from({ length: 3 }, async () => {
        while (!ended.signal.aborted) await publishChanges(platform);
      });
      await holding;
      ended.abort();
      await Promise.all(publishers);
      await publishChanges(platform);
      const messages = (await published()).toSorted((a, b) => a.revision - b.revision);
      const sizes = messages.map(({ claims }) => claims.length);
      assert.deepEqual(
        sizes,
        sizes.toSorted((a, b) => a - b),
      );
      assert.equal(sizes.at(-1), 15);
      assert.equal(new Set(messages.map(({ revision }) => revision)).size, messages.length);
    });

    it("say nothing of a refusal", async () => {
      await hold(platform, ["seat-1"]);
      await publishChanges(platform);
      await platform.redis.flushdb();
      await assert.rejects(hold(platform, ["seat-1"]));
      assert.equal(await publishChanges(platform), 0);
    });
  });

  it("release what Redis couldn't be told", async () => {
    const lock = await hold(platform, ["seat-1"], { userId: "anwar" });
    let away = true;
    const markers = createSeatMarkers({
      ...platform,
      metrics: createSeatMetrics(createMetrics("test")),
      scripts: {
        ...platform.scripts,
        atomicRelease: async (seats) => {
          if (away) throw new Error("Connection is closed.");
          return platform.scripts.atomicRelease(seats);
        },
      },
    });
    const seats = { ...lock, seatIds: lock.lockedSeats, fromSeq: 0, toSeq: 3 };
    await markers.release(seats);
    assert.equal(await markers.retryReleases(), 0);
    away = false;
    assert.equal(await eventually(async () => (await markers.retryReleases()) || false), 1);
    assert.deepEqual(await markersOf(platform), {});
  });

  it("count what must never be", async () => {
    const metrics = createSeatMetrics(createMetrics("test"));
    const lock = await hold(platform, ["seat-1"]);
    assert.deepEqual(await checkInvariants({ ...platform, metrics }), { I1: 0, I4: 0, I5: 0 });
    await platform.pool.query("DELETE FROM claims WHERE leg = 1");
    await platform.pool.query(
      "UPDATE locks SET expires_at = now() - interval '11 s' WHERE lock_id = $1",
      [lock.lockId],
    );
    assert.deepEqual(await checkInvariants({ ...platform, metrics }), { I1: 0, I4: 1, I5: 1 });
    const { values } = await metrics.violations.get();
    assert.deepEqual(
      values.map(({ labels, value }) => [labels.invariant, value]),
      [
        ["I1", 0],
        ["I4", 1],
        ["I5", 1],
      ],
    );
  });
});
