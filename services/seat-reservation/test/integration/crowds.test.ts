import assert from "node:assert/strict";
import { journeyOf } from "../fixtures/journeys.ts";
import { acquire, hold, liveClaims, markersOf } from "../fixtures/requests.ts";
import { createSeatPlatform, type SeatPlatform } from "../fixtures/seat-platform.ts";
import { countViolations } from "../../src/data/sweep-store.ts";

const clean = { I1: 0, I4: 0, I5: 0 };

describe("a crowd of buyers", function () {
  this.timeout(60_000);
  let platform: SeatPlatform;
  before(async () => {
    platform = await createSeatPlatform({ journeys: [journeyOf({ seats: 60 })] });
  });
  after(async () => platform.close());
  beforeEach(async () => {
    await platform.pool.query("TRUNCATE locks, claims");
    await platform.redis.flushdb();
  });

  const rush = async (
    buyers: number,
    seatIdsOf: (buyer: number) => readonly string[],
  ): Promise<Record<number, number>> => {
    const answers = await Promise.all(
      Array.from({ length: buyers }, async (_, buyer) =>
        acquire(
          platform,
          { journeyId: "test-journey", seatIds: seatIdsOf(buyer) },
          { identity: { userId: `user-${buyer}` } },
        ),
      ),
    );
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };

  /** Every lock has all its seats, every claim a lock, and the two stores tell the same. */
  const requireWhole = async (): Promise<void> => {
    assert.deepEqual(await countViolations(platform.pool), clean);
    const cells = (await liveClaims(platform)).map((cell) => cell.replace("/", ":"));
    const markers = Object.keys(await markersOf(platform));
    const marked = markers.map((key) => key.replace("seat:{test-journey}:", ""));
    assert.deepEqual(marked.toSorted(), cells.toSorted());
  };

  for (const buyers of [100, 1_187]) {
    it(`of ${buyers} for the same seats has one winner`, async () => {
      const counts = await rush(buyers, () => ["seat-1", "seat-2"]);
      assert.deepEqual(counts, { 201: 1, 409: buyers - 1 });
      await requireWhole();
    });
  }

  it("of 1,000 with overlapping seats holds no part of a request and no seat twice", async () => {
    const seatIdsOf = (buyer: number) => {
      const first = (buyer * 7) % 20;
      return [0, 1, 2, 3].map(
        (offset) => `seat-${((first + offset * (1 + (buyer % 3))) % 20) + 1}`,
      );
    };
    const counts = await rush(1_000, seatIdsOf);
    assert.ok((counts[201] ?? 0) >= 1 && (counts[201] ?? 0) <= 5, JSON.stringify(counts));
    assert.equal((counts[201] ?? 0) + (counts[409] ?? 0), 1_000);
    await requireWhole();
  });

  it("is held off by the database alone when Redis forgets everything in mid-sale", async () => {
    const ended = new AbortController();
    const flusher = (async () => {
      while (!ended.signal.aborted) await platform.redis.flushdb();
    })();
    const counts = await rush(300, (buyer) => [`seat-${(buyer % 3) + 1}`, "seat-4"]);
    ended.abort();
    await flusher;
    assert.deepEqual(counts, { 201: 1, 409: 299 });
    assert.deepEqual(await countViolations(platform.pool), clean);
  });

  it("without the unique index double-sells once Redis forgets: the index is what decides", async () => {
    const naked = await createSeatPlatform();
    try {
      await naked.pool.query("DROP INDEX claims_one_owner");
      await hold(naked, ["seat-1"], { userId: "anwar" });
      await naked.redis.flushdb();
      await hold(naked, ["seat-1"], { userId: "selina" });
      assert.deepEqual(await countViolations(naked.pool), { ...clean, I1: 3 });
    } finally {
      await naked.close();
    }
  });

  it("is refused by Redis without a question to the database", async () => {
    await hold(platform, ["seat-1"], { userId: "anwar" });
    let statements = 0;
    const count = (): void => {
      statements += 1;
    };
    platform.pool.on("acquire", count);
    assert.deepEqual(await rush(50, () => ["seat-1"]), { 409: 50 });
    platform.pool.off("acquire", count);
    assert.equal(statements, 0);
  });
});

describe("buyers while Redis is away", () => {
  it("are served by the database alone: one winner, no seat twice", async () => {
    const platform = await createSeatPlatform();
    try {
      platform.redis.disconnect();
      const answers = await Promise.all(
        Array.from({ length: 40 }, async (_, buyer) =>
          acquire(
            platform,
            { journeyId: "test-journey", seatIds: ["seat-1", "seat-2"] },
            { identity: { userId: `user-${buyer}` } },
          ),
        ),
      );
      assert.equal(answers.filter(({ status }) => status === 201).length, 1);
      assert.equal(answers.filter(({ status }) => status === 409).length, 39);
      assert.deepEqual(await countViolations(platform.pool), clean);
      const text = await platform.metrics.registry.metrics();
      assert.match(text, /seat_redis_failures_total\{[^}]*\} [1-9]/);
    } finally {
      await platform.close();
    }
  });
});
