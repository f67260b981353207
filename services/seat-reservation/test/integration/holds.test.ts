import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { journeyOf } from "../fixtures/journeys.ts";
import {
  acquire,
  failedSeatOf,
  hold,
  liveClaims,
  markersOf,
  refusalOf,
} from "../fixtures/requests.ts";
import { createSeatPlatform, type SeatPlatform } from "../fixtures/seat-platform.ts";

const gone = journeyOf({ journeyId: "gone", departsAt: new Date(Date.now() - 60_000) });

describe("holding seats", () => {
  let platform: SeatPlatform;
  before(async () => {
    platform = await createSeatPlatform({ journeys: [journeyOf({ seats: 40 }), gone] });
  });
  after(async () => platform.close());

  it("answers a lock with every seat on every leg claimed in both stores", async () => {
    const lock = await hold(platform, ["seat-2", "seat-1"], { userId: "anwar" });
    assert.deepEqual(lock.lockedSeats, ["seat-2", "seat-1"]);
    const cells = ["seat-1/0", "seat-1/1", "seat-1/2", "seat-2/0", "seat-2/1", "seat-2/2"];
    assert.deepEqual(await liveClaims(platform), cells);
    const markers = await markersOf(platform);
    assert.deepEqual(
      Object.keys(markers),
      cells.map((cell) => `seat:{test-journey}:${cell.replace("/", ":")}`),
    );
    assert.deepEqual(new Set(Object.values(markers)), new Set([lock.lockId]));
  });

  it("keeps the lock token as a hash only", async () => {
    const lock = await hold(platform, ["seat-3"]);
    const { rows } = await platform.pool.query("SELECT * FROM locks WHERE lock_id = $1", [
      lock.lockId,
    ]);
    assert.equal(JSON.stringify(rows).includes(lock.lockToken), false);
    assert.equal(lock.lockToken.length, 43);
  });

  it("names the seat that is taken, to the same user too, and holds none of the others", async () => {
    await hold(platform, ["seat-5"], { userId: "anwar" });
    const before = await liveClaims(platform);
    const body = { journeyId: "test-journey", seatIds: ["seat-4", "seat-5", "seat-6"] };
    const answer = await acquire(platform, body, { identity: { userId: "anwar" } });
    assert.deepEqual(refusalOf(answer), { status: 409, code: "seat_unavailable" });
    assert.equal(failedSeatOf(answer), "seat-5");
    assert.deepEqual(await liveClaims(platform), before);
    assert.equal(await platform.redis.exists("seat:{test-journey}:seat-4:0"), 0);
  });

  it("lets go of Redis when the database refuses", async () => {
    await hold(platform, ["seat-8"], { userId: "anwar" });
    await platform.redis.del([0, 1, 2].map((leg) => `seat:{test-journey}:seat-8:${leg}`));
    const body = { journeyId: "test-journey", seatIds: ["seat-7", "seat-8"] };
    const answer = await acquire(platform, body, { identity: { userId: "selina" } });
    assert.deepEqual(refusalOf(answer), { status: 409, code: "seat_unavailable" });
    assert.equal(failedSeatOf(answer), "seat-8");
    assert.equal(await platform.redis.exists("seat:{test-journey}:seat-7:0"), 0);
    assert.equal(await platform.redis.exists("seat:{test-journey}:seat-8:0"), 0);
  });

  it("sells a seat again on other legs, never on overlapping ones", async () => {
    await hold(platform, ["seat-10"], { from: "DHK", to: "BRM" });
    await hold(platform, ["seat-10"], { from: "COM", to: "CTG" });
    const seatIds = ["seat-10"];
    for (const stretch of [{ from: "BRM", to: "CTG" }, { from: "DHK", to: "COM" }, {}]) {
      const answer = await acquire(platform, { journeyId: "test-journey", seatIds, ...stretch });
      assert.deepEqual(refusalOf(answer), { status: 409, code: "seat_unavailable" });
    }
    await hold(platform, ["seat-10"], { from: "BRM", to: "COM" });
  });

  it("parses JSON whatever its content type, as ab posts it", async () => {
    const body = JSON.stringify({ journeyId: "test-journey", seatIds: ["seat-11"] });
    const answer = await acquire(platform, body, { headers: { "content-type": "text/plain" } });
    assert.equal(answer.status, 201);
    assert.match(String(answer.headers["location"]), /^\/api\/seats\/locks\/[0-9a-f-]{36}$/);
  });

  it("never believes the user id of the body", async () => {
    const lock = await hold(platform, ["seat-12"], { userId: "anwar" });
    const body = { journeyId: "test-journey", seatIds: ["seat-13"], userId: "anwar" };
    await acquire(platform, body);
    const { rows } = await platform.pool.query(
      "SELECT user_id FROM locks WHERE 'seat-12' = ANY (seat_ids) OR 'seat-13' = ANY (seat_ids) ORDER BY seat_ids",
    );
    assert.deepEqual(rows, [{ user_id: "anwar" }, { user_id: null }]);
    const stranger = { identity: { userId: "selina" } };
    const answer = await platform.app.request("GET", `/api/seats/locks/${lock.lockId}`, stranger);
    assert.deepEqual(refusalOf(answer), { status: 404, code: "not_found" });
  });

  const bad: readonly [string, unknown, number, string][] = [
    ["an unknown journey", { journeyId: "nowhere", seatIds: ["seat-1"] }, 404, "not_found"],
    ["a seat of another journey", { seatIds: ["seat-77"] }, 422, "seat_unknown"],
    ["the same seat twice", { seatIds: ["seat-20", "seat-20"] }, 400, "validation_failed"],
    ["no seats", { seatIds: [] }, 400, "validation_failed"],
    [
      "five seats",
      { seatIds: [20, 21, 22, 23, 24].map((n) => `seat-${n}`) },
      422,
      "too_many_seats",
    ],
    ["a departed journey", { journeyId: "gone", seatIds: ["seat-1"] }, 422, "journey_departed"],
    ["a station off the route", { seatIds: ["seat-20"], from: "SYL" }, 422, "route_invalid"],
    ["the wrong way", { seatIds: ["seat-20"], from: "CTG", to: "DHK" }, 422, "route_invalid"],
    ["a negative TTL", { seatIds: ["seat-20"], ttlSeconds: -1 }, 400, "validation_failed"],
    ["an endless TTL", { seatIds: ["seat-20"], ttlSeconds: 1e12 }, 400, "validation_failed"],
    ["a wrong type", { seatIds: "seat-20" }, 400, "validation_failed"],
    ["a key of Redis as seat", { seatIds: ["seat-20}:x"] }, 400, "validation_failed"],
    ["broken JSON", "{", 400, "malformed_json"],
    ["a huge body", `{"x": "${"x".repeat(70_000)}"}`, 413, "body_too_large"],
  ];
  for (const [what, body, status, code] of bad) {
    it(`refuses ${what} and holds nothing`, async () => {
      const claims = await liveClaims(platform);
      const whole = typeof body === "object" ? { journeyId: "test-journey", ...body } : body;
      assert.deepEqual(refusalOf(await acquire(platform, whole)), { status, code });
      assert.deepEqual(await liveClaims(platform), claims);
      assert.equal(await platform.redis.exists("seat:{test-journey}:seat-20:0"), 0);
    });
  }

  it("cuts a TTL to the longest hold", async () => {
    const lock = await hold(platform, ["seat-25"], { ttlSeconds: 80_000 });
    const seconds = (Date.parse(lock.expiresAt) - Date.now()) / 1000;
    assert.ok(seconds > 1_700 && seconds <= 1_801, `${seconds} s`);
  });

  it("answers a repeat under an Idempotency-Key with the same bytes and holds once", async () => {
    const body = { journeyId: "test-journey", seatIds: ["seat-30"] };
    const headers = { "idempotency-key": randomUUID() };
    const first = await acquire(platform, body, { headers, identity: { userId: "anwar" } });
    const again = await acquire(platform, body, { headers, identity: { userId: "anwar" } });
    assert.equal(first.status, 201);
    assert.equal(again.status, 201);
    assert.deepEqual(again.bytes, first.bytes);
    assert.equal(again.headers["idempotent-replayed"], "true");
    const other = await acquire(platform, body, { headers, identity: { userId: "selina" } });
    assert.deepEqual(refusalOf(other), { status: 409, code: "seat_unavailable" });
  });

  it("keeps no guest's answer under an Idempotency-Key", async () => {
    const body = { journeyId: "test-journey", seatIds: ["seat-31"] };
    const answer = await acquire(platform, body, { headers: { "idempotency-key": "1" } });
    assert.deepEqual(refusalOf(answer), { status: 401, code: "unauthorized" });
    assert.equal(await platform.redis.exists("seat:{test-journey}:seat-31:0"), 0);
  });
});

describe("holding seats where guests may not", () => {
  it("needs a bearer token", async () => {
    const platform = await createSeatPlatform({ guestHolds: false });
    try {
      const body = { journeyId: "test-journey", seatIds: ["seat-1"] };
      const refusal = refusalOf(await acquire(platform, body));
      assert.deepEqual(refusal, { status: 401, code: "unauthorized" });
      await hold(platform, ["seat-1"], { userId: "anwar" });
    } finally {
      await platform.close();
    }
  });
});
