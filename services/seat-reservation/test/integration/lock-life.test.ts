import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { lockSchema } from "@jatra/contracts/http/seat-reservation.ts";
import type { TestAnswer } from "@jatra/testing/test-app.ts";
import {
  acquire,
  hold,
  liveClaims,
  markersOf,
  pay,
  pricedLockOf,
  refusalOf,
  runOut,
} from "../fixtures/requests.ts";
import { createSeatPlatform, type SeatPlatform } from "../fixtures/seat-platform.ts";

const anwar = { identity: { userId: "anwar" } };
const selina = { identity: { userId: "selina" } };
const notFound = { status: 404, code: "not_found" };
/** The status and those members of a refusal that are `like` these. */
const membersOf = ({ status, body }: TestAnswer, like: object): object => {
  const members = Object.entries(body instanceof Object ? body : {});
  return { status, ...Object.fromEntries(members.filter(([name]) => name in like)) };
};
const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

describe("a lock's life", () => {
  let platform: SeatPlatform;
  before(async () => {
    platform = await createSeatPlatform();
  });
  after(async () => platform.close());
  beforeEach(async () => {
    await platform.pool.query("TRUNCATE locks, claims");
    await platform.redis.flushdb();
  });

  const path = (lockId: string, rest = ""): string => `/api/seats/locks/${lockId}${rest}`;
  const extend = async (lockId: string, ttlSeconds: unknown, options: object = anwar) =>
    platform.app.request("POST", path(lockId, "/extend"), { body: { ttlSeconds }, ...options });

  it("is shown to its owner and to nobody else", async () => {
    const lock = await hold(platform, ["seat-1"], { userId: "anwar", from: "DHK", to: "COM" });
    const { lockToken, ...shown } = lock;
    const answer = await platform.app.request("GET", path(lock.lockId), anwar);
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, { ...shown, from: "DHK", to: "COM", status: "HELD" });
    const foreign = [selina, { headers: { "lock-token": lockToken } }];
    for (const options of foreign) {
      assert.deepEqual(
        refusalOf(await platform.app.request("GET", path(lock.lockId), options)),
        notFound,
      );
      assert.deepEqual(refusalOf(await extend(lock.lockId, 900, options)), notFound);
      const release = await platform.app.request("DELETE", path(lock.lockId), options);
      assert.deepEqual(refusalOf(release), notFound);
    }
    const nobody = await platform.app.request("GET", path(lock.lockId));
    assert.deepEqual(refusalOf(nobody), { status: 401, code: "unauthorized" });
    assert.deepEqual(
      refusalOf(await platform.app.request("GET", path(randomUUID()), anwar)),
      notFound,
    );
    assert.equal((await liveClaims(platform)).length, 2);
  });

  it("of a guest is opened by its token alone", async () => {
    const lock = await hold(platform, ["seat-1"]);
    const forged = { headers: { "lock-token": `${lock.lockToken.slice(0, -1)}_` } };
    assert.deepEqual(
      refusalOf(await platform.app.request("DELETE", path(lock.lockId), forged)),
      notFound,
    );
    assert.deepEqual(
      refusalOf(await platform.app.request("GET", path(lock.lockId), selina)),
      notFound,
    );
    assert.equal((await liveClaims(platform)).length, 3);
    const own = { headers: { "lock-token": lock.lockToken } };
    assert.equal((await platform.app.request("DELETE", path(lock.lockId), own)).status, 204);
    assert.deepEqual(await liveClaims(platform), []);
    assert.deepEqual(await markersOf(platform), {});
  });

  it("ends when released, and a second release changes nothing of a successor's", async () => {
    const first = await hold(platform, ["seat-1"], { userId: "anwar" });
    assert.equal((await platform.app.request("DELETE", path(first.lockId), anwar)).status, 204);
    const second = await hold(platform, ["seat-1"], { userId: "anwar" });
    assert.equal((await platform.app.request("DELETE", path(first.lockId), anwar)).status, 204);
    assert.deepEqual(new Set(Object.values(await markersOf(platform))), new Set([second.lockId]));
    assert.equal((await liveClaims(platform)).length, 3);
  });

  it("leaves no marker behind when its release died between the two stores and is repeated", async () => {
    const lock = await hold(platform, ["seat-1"], { userId: "anwar" });
    // The first try's half: PostgreSQL has let go, Redis hasn't heard of it.
    assert.ok(await platform.locks.release(lock.lockId));
    assert.equal(Object.keys(await markersOf(platform)).length, 3);
    assert.equal((await platform.app.request("DELETE", path(lock.lockId), anwar)).status, 204);
    assert.deepEqual(await markersOf(platform), {});
    await hold(platform, ["seat-1"], { userId: "selina" });
  });

  it("is extended to one and the same end in both stores", async () => {
    const lock = await hold(platform, ["seat-1"], { userId: "anwar", ttlSeconds: 60 });
    const answer = await extend(lock.lockId, 900);
    assert.equal(answer.status, 200);
    const expiresAt = Date.parse(lockSchema.parse(answer.body).expiresAt);
    assert.ok(expiresAt - Date.parse(lock.expiresAt) > 800_000);
    const ttlMs = await platform.redis.pttl("seat:{test-journey}:seat-1:0");
    assert.ok(Math.abs(Date.now() + ttlMs - expiresAt) < 1_000, `${ttlMs} ms`);
  });

  it("isn't shortened by an extension", async () => {
    const lock = await hold(platform, ["seat-1"], { userId: "anwar", ttlSeconds: 600 });
    const answer = await extend(lock.lockId, 10);
    assert.equal(lockSchema.parse(answer.body).expiresAt, lock.expiresAt);
  });

  it("can't be extended past the longest hold", async () => {
    const lock = await hold(platform, ["seat-1"], { userId: "anwar" });
    assert.equal((await extend(lock.lockId, 3_000)).status, 200);
    const limit = { status: 409, code: "hold_limit_reached" };
    assert.deepEqual(refusalOf(await extend(lock.lockId, 3_000)), limit);
    const invalid = { status: 400, code: "validation_failed" };
    for (const ttlSeconds of [-5, 0, 1.5, "60", 1e9]) {
      assert.deepEqual(refusalOf(await extend(lock.lockId, ttlSeconds)), invalid);
    }
  });

  it("can't be used when its time is over, and its seats are free for others at once", async () => {
    const lock = await hold(platform, ["seat-1", "seat-2"], { userId: "anwar" });
    await runOut(platform, lock.lockId);
    const expired = { status: 409, code: "lock_expired" };
    assert.deepEqual(refusalOf(await extend(lock.lockId, 60)), expired);
    const late = await pay(platform, lock.lockId, { userId: "anwar", passengers: 2 });
    assert.deepEqual(refusalOf(late), expired);
    const next = await hold(platform, ["seat-2"], { userId: "selina" });
    assert.notEqual(next.lockId, lock.lockId);
    const answer = await platform.app.request("GET", path(lock.lockId), anwar);
    assert.equal(lockSchema.parse(answer.body).status, "EXPIRED");
    assert.equal((await platform.app.request("DELETE", path(lock.lockId), anwar)).status, 204);
    assert.deepEqual(await liveClaims(platform), ["seat-2/0", "seat-2/1", "seat-2/2"]);
  });

  describe("in payment", () => {
    it("answers the same to the same booking, and its markers have no end", async () => {
      const lock = await hold(platform, ["seat-2", "seat-1"], { userId: "anwar", from: "BRM" });
      const request = { bookingId: randomUUID(), userId: "anwar", passengers: 2 };
      const first = await pay(platform, lock.lockId, request);
      assert.equal(first.status, 200);
      assert.deepEqual(pricedLockOf(first).lock, {
        lockId: lock.lockId,
        journeyId: "test-journey",
        fromSeq: 1,
        toSeq: 3,
        from: "BRM",
        to: "CTG",
        seatIds: ["seat-2", "seat-1"],
        expiresAt: lock.expiresAt,
      });
      const again = await pay(platform, lock.lockId, request);
      assert.deepEqual(again.bytes, first.bytes);
      assert.equal(await platform.redis.pttl("seat:{test-journey}:seat-1:1"), -1);
    });

    it("belongs to one booking and can't be released or extended", async () => {
      const lock = await hold(platform, ["seat-1"], { userId: "anwar" });
      assert.equal((await pay(platform, lock.lockId, { userId: "anwar" })).status, 200);
      const inPayment = { status: 409, code: "lock_in_payment" };
      assert.deepEqual(refusalOf(await pay(platform, lock.lockId, { userId: "anwar" })), inPayment);
      assert.deepEqual(refusalOf(await extend(lock.lockId, 60)), inPayment);
      const release = await platform.app.request("DELETE", path(lock.lockId), anwar);
      assert.deepEqual(refusalOf(release), inPayment);
    });

    it("needs the owner, or the guest's token", async () => {
      const own = await hold(platform, ["seat-1"], { userId: "anwar" });
      const lockTokenHash = hashOf(own.lockToken);
      const stranger = await pay(platform, own.lockId, { userId: "selina", lockTokenHash });
      assert.deepEqual(refusalOf(stranger), notFound);
      const guest = await hold(platform, ["seat-2"]);
      const without = await pay(platform, guest.lockId, { userId: "anwar" });
      assert.deepEqual(refusalOf(without), notFound);
      const forged = { userId: "anwar", lockTokenHash: hashOf("forged") };
      assert.deepEqual(refusalOf(await pay(platform, guest.lockId, forged)), notFound);
      const right = { userId: "anwar", lockTokenHash: hashOf(guest.lockToken) };
      assert.equal((await pay(platform, guest.lockId, right)).status, 200);
    });

    it("has the price of its journey's fare version, seat by seat", async () => {
      const lock = await hold(platform, ["seat-2", "seat-1"], { userId: "anwar", to: "COM" });
      const request = { userId: "anwar", passengers: 2, expectedAmount: 80_000 };
      const { quote } = pricedLockOf(await pay(platform, lock.lockId, request));
      const { journey } = (await platform.journeys.find("test-journey")) ?? assert.fail();
      const [first, , third] = journey.stops;
      assert.deepEqual(quote, {
        currency: "BDT",
        fareVersionId: "fares-1",
        total: 80_000,
        seats: ["seat-2", "seat-1"].map((seatId) => ({
          seatId,
          coach: "KA",
          class: "SNIGDHA",
          amount: 40_000,
        })),
        train: { number: "701", name: "Subarna Express" },
        from: { code: "DHK", name: "DHK", at: first?.departsAt },
        to: { code: "COM", name: "COM", at: third?.arrivesAt },
        departsAt: first?.departsAt,
      });
    });

    it("doesn't begin at another price or for another number of passengers", async () => {
      const lock = await hold(platform, ["seat-1"], { userId: "anwar", to: "BRM" });
      const dearer = await pay(platform, lock.lockId, { userId: "anwar", expectedAmount: 1 });
      const price = { code: "price_changed", amount: 20_000, currency: "BDT" };
      assert.deepEqual(membersOf(dearer, price), { status: 409, ...price });
      const fuller = await pay(platform, lock.lockId, { userId: "anwar", passengers: 2 });
      const seats = { code: "passengers_mismatch", seats: 1 };
      assert.deepEqual(membersOf(fuller, seats), { status: 422, ...seats });
      const answer = await platform.app.request("GET", path(lock.lockId), anwar);
      assert.equal(lockSchema.parse(answer.body).status, "HELD");
    });

    it("is not open to the outside", async () => {
      const lock = await hold(platform, ["seat-1"], { userId: "anwar" });
      const body = { bookingId: randomUUID(), userId: "anwar", passengers: 1 };
      const answer = await platform.app.request("POST", `/internal/locks/${lock.lockId}/pay`, {
        body,
        ...anwar,
      });
      assert.deepEqual(refusalOf(answer), { status: 401, code: "unauthorized" });
    });

    it("has one winner among many bookings at once", async () => {
      const lock = await hold(platform, ["seat-1"], { userId: "anwar" });
      const answers = await Promise.all(
        Array.from({ length: 30 }, async () => pay(platform, lock.lockId, { userId: "anwar" })),
      );
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    });
  });

  it("shows in availability on its own stretch", async () => {
    const availability = async (query = "") => {
      const answer = await platform.app.request(
        "GET",
        `/api/seats/availability/test-journey${query}`,
      );
      assert.equal(answer.status, 200);
      return JSON.stringify(answer.body);
    };
    await hold(platform, ["seat-1"], { from: "DHK", to: "BRM" });
    const paying = await hold(platform, ["seat-2"], { userId: "anwar" });
    await pay(platform, paying.lockId, { userId: "anwar" });
    const overdue = await hold(platform, ["seat-3"]);
    await runOut(platform, overdue.lockId);
    assert.match(await availability(), /"seat-1","status":"HELD".*"seat-2","status":"HELD"/);
    assert.match(await availability(), /"seat-3","status":"AVAILABLE"/);
    assert.match(await availability("?from=BRM&to=CTG"), /"seat-1","status":"AVAILABLE"/);
    const wrong = await platform.app.request(
      "GET",
      "/api/seats/availability/test-journey?from=CTG",
    );
    assert.deepEqual(refusalOf(wrong), { status: 422, code: "route_invalid" });
    const unknown = await platform.app.request("GET", "/api/seats/availability/nowhere");
    assert.deepEqual(refusalOf(unknown), notFound);
    assert.equal(
      (await acquire(platform, { journeyId: "test-journey", seatIds: ["seat-3"] })).status,
      201,
    );
  });
});
