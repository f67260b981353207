import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { eventually } from "@jatra/testing/eventually.ts";
import { bookingIdOf } from "../../src/domain/booking-ids.ts";
import { startBookingWorld, type BookingWorld } from "../world/booking-world.ts";
import { SEAT_PRICE } from "../world/fake-neighbours.ts";

const codeOf = (body: unknown): unknown =>
  typeof body === "object" && body !== null && "code" in body ? body.code : undefined;

describe("booking, repeated and interrupted", () => {
  let world: BookingWorld;
  before(async () => {
    world = await startBookingWorld();
  });
  after(() => world.close());
  afterEach(() => {
    world.neighbours.hooks.afterPay = undefined;
    world.neighbours.failing.clear();
  });

  const resolve = async (lockId: string): Promise<unknown> => {
    const path = `/internal/bookings/${bookingIdOf(lockId)}/resolve`;
    return (await world.internal("POST", path, { lockId })).body;
  };
  const bookingsOf = async (lockId: string): Promise<number> => {
    const { rows } = await world.pool.query(
      "SELECT 1 FROM bookings WHERE lock_id = $1 AND status <> 'ABANDONED'",
      [lockId],
    );
    return rows.length;
  };
  const fresh = (seatIds = ["seat-1"]) => {
    const userId = randomUUID();
    return { userId, lockId: world.neighbours.holdSeats({ userId, seatIds }) };
  };

  it("answers a repeat with the client's key in the same bytes", async () => {
    const { userId, lockId } = fresh();
    const key = randomUUID();
    const first = await world.book({ lockId }, { userId, key });
    const repeat = await world.book({ lockId }, { userId, key });
    assert.equal(first.headers["idempotent-replayed"], undefined);
    assert.equal(repeat.headers["idempotent-replayed"], "true");
    assert.deepEqual(
      [repeat.status, repeat.bytes, repeat.headers["location"]],
      [202, first.bytes, first.headers["location"]],
    );
    assert.equal((await world.outbox(bookingIdOf(lockId))).length, 1);
  });

  it("writes booking, message and answer down in one transaction", async () => {
    const { userId, lockId } = fresh();
    const key = randomUUID();
    await world.book({ lockId }, { userId, key });
    const { rows } = await world.pool.query<{ transactions: number }>(
      `SELECT count(DISTINCT made.xmin::text)::integer AS transactions FROM (
         SELECT xmin FROM bookings WHERE lock_id = $1
         UNION ALL SELECT xmin FROM outbox WHERE aggregate_id = $2
         UNION ALL SELECT xmin FROM idempotency_keys WHERE key = $3) AS made`,
      [lockId, bookingIdOf(lockId), key],
    );
    assert.deepEqual(rows, [{ transactions: 1 }]);
  });

  it("tells nobody else about a lock's booking", async () => {
    const { lockId } = await world.booked();
    const answer = await world.book({ lockId }, { userId: randomUUID() });
    assert.deepEqual([answer.status, codeOf(answer.body)], [404, "not_found"]);
  });

  it("answers a repeat without a key in the same bytes too", async () => {
    const { userId, lockId } = fresh();
    const first = await world.book({ lockId }, { userId });
    const repeat = await world.book({ lockId }, { userId });
    assert.deepEqual([repeat.status, repeat.bytes], [202, first.bytes]);
    assert.equal(repeat.headers["idempotent-replayed"], "true");
  });

  it("refuses the key of another body", async () => {
    const { userId, lockId } = fresh();
    const key = randomUUID();
    await world.book({ lockId }, { userId, key });
    const other = await world.book({ lockId, expectedAmount: SEAT_PRICE }, { userId, key });
    assert.deepEqual([other.status, codeOf(other.body)], [422, "idempotency_key_reused"]);
  });

  it("keeps the keys of two users apart", async () => {
    const key = randomUUID();
    const [one, other] = [fresh(), fresh()];
    const first = await world.book({ lockId: one.lockId }, { userId: one.userId, key });
    const second = await world.book({ lockId: other.lockId }, { userId: other.userId, key });
    assert.deepEqual([first.status, second.status], [202, 202]);
    assert.notDeepEqual(first.body, second.body);
  });

  it("remembers no refusal: the same key works once the request is right", async () => {
    const { userId, lockId } = fresh();
    const key = randomUUID();
    world.neighbours.settings.seatPrice = SEAT_PRICE + 1;
    const early = await world.book({ lockId, expectedAmount: SEAT_PRICE }, { userId, key });
    world.neighbours.settings.seatPrice = SEAT_PRICE;
    assert.deepEqual([early.status, codeOf(early.body)], [409, "price_changed"]);
    const again = await world.book({ lockId, expectedAmount: SEAT_PRICE }, { userId, key });
    assert.equal(again.status, 202);
  });

  it("books once for 20 requests at the same time, with and without keys", async () => {
    const { userId, lockId } = fresh();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        world.book({ lockId }, { userId, ...(index % 2 ? { key: `key-${index}-${lockId}` } : {}) }),
      ),
    );
    const bodies = new Set(
      answers.filter(({ status }) => status === 202).map(({ bytes }) => bytes.toString()),
    );
    assert.equal(bodies.size, 1);
    for (const { status, body } of answers) {
      assert.ok(status === 202 || codeOf(body) === "idempotency_in_flight", String(status));
    }
    assert.equal(await bookingsOf(lockId), 1);
    assert.equal((await world.outbox(bookingIdOf(lockId))).length, 1);
  });

  it("answers with the lock's one booking when its key is forgotten and its state has moved on", async () => {
    const { userId, lockId, bookingId } = await world.booked();
    await world.end(bookingId, "captured");
    const lock = world.neighbours.locks.get(lockId);
    if (lock) Object.assign(lock, { status: "RELEASED" });
    const answer = await world.book({ lockId }, { userId, key: randomUUID() });
    assert.deepEqual(
      [answer.status, answer.body],
      [202, { bookingId, status: "CONFIRMED", amount: SEAT_PRICE, currency: "BDT" }],
    );
  });

  it("is completed by the client's retry after a crash between lock and booking", async () => {
    const { userId, lockId } = fresh();
    world.neighbours.hooks.afterPay = async () => {
      throw new Error("the pod dies here");
    };
    const crashed = await world.book({ lockId }, { userId });
    assert.equal(crashed.status, 503);
    assert.equal(world.neighbours.locks.get(lockId)?.status, "PAYING");
    assert.equal(await bookingsOf(lockId), 0);
    world.neighbours.hooks.afterPay = undefined;
    const retried = await world.book({ lockId }, { userId });
    assert.equal(retried.status, 202);
    assert.deepEqual(await resolve(lockId), { outcome: "LIVE" });
  });

  it("is refused for good when it was given up between lock and booking", async () => {
    const { userId, lockId } = fresh();
    world.neighbours.hooks.afterPay = async () => {
      assert.deepEqual(await resolve(lockId), { outcome: "RELEASED" });
    };
    const answer = await world.book({ lockId }, { userId });
    assert.deepEqual([answer.status, codeOf(answer.body)], [409, "booking_abandoned"]);
    assert.equal(await bookingsOf(lockId), 0);
    assert.deepEqual(await world.outbox(bookingIdOf(lockId)), []);
    const lock = world.neighbours.locks.get(lockId);
    if (lock) lock.status = "RELEASED";
    const again = await world.book({ lockId }, { userId });
    assert.deepEqual([again.status, codeOf(again.body)], [409, "booking_abandoned"]);
  });

  it("tells seat-reservation what became of each booking", async () => {
    const live = await world.booked();
    assert.deepEqual(await resolve(live.lockId), { outcome: "LIVE" });
    await world.end(live.bookingId, "captured");
    assert.deepEqual(await resolve(live.lockId), { outcome: "CONFIRMED" });
    const failed = await world.booked();
    await world.end(failed.bookingId, "failed");
    assert.deepEqual(await resolve(failed.lockId), { outcome: "RELEASED" });
  });

  it("makes no tombstone under a lock that isn't the booking's", async () => {
    const { lockId } = fresh();
    const wrong = await world.internal("POST", `/internal/bookings/${randomUUID()}/resolve`, {
      lockId,
    });
    assert.equal(wrong.status, 400);
    const { rows } = await world.pool.query("SELECT 1 FROM bookings WHERE lock_id = $1", [lockId]);
    assert.equal(rows.length, 0);
  });

  it("answers 503 without booking while Redis is away, never a second run", async () => {
    const { userId, lockId } = fresh();
    world.redis.disconnect();
    await eventually(() => world.redis.status === "end");
    const answer = await world.book({ lockId }, { userId });
    await world.redis.connect();
    assert.deepEqual([answer.status, codeOf(answer.body)], [503, "dependency_unavailable"]);
    assert.equal(world.neighbours.locks.get(lockId)?.status, "HELD");
    assert.equal((await world.book({ lockId }, { userId })).status, 202);
  });
});
