import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { bookingIdOf, paymentIdOf } from "../../src/domain/booking-ids.ts";
import { hashLockToken } from "../../src/domain/hash-lock-token.ts";
import { startBookingWorld, type BookingWorld } from "../world/booking-world.ts";
import { SEAT_PRICE } from "../world/fake-neighbours.ts";

const codeOf = (body: unknown): unknown =>
  typeof body === "object" && body !== null && "code" in body ? body.code : undefined;

describe("POST /api/bookings", () => {
  let world: BookingWorld;
  before(async () => {
    world = await startBookingWorld();
  });
  after(() => world.close());

  it("books the seats of a lock at the quoted price and tells the worker", async () => {
    const userId = randomUUID();
    const lockId = world.neighbours.holdSeats({ userId, seatIds: ["seat-2", "seat-1"] });
    const passengers = [{ name: "Ayesha" }, { name: "Karim" }];
    const paymentDetails = { simulate: "slow" };
    const answer = await world.book({ lockId, passengers, paymentDetails }, { userId });
    const bookingId = bookingIdOf(lockId);
    assert.equal(answer.status, 202);
    assert.equal(answer.headers["location"], `/api/bookings/${bookingId}`);
    assert.deepEqual(answer.body, {
      bookingId,
      status: "PAYMENT_PENDING",
      amount: 2 * SEAT_PRICE,
      currency: "BDT",
    });
    assert.equal(world.neighbours.locks.get(lockId)?.status, "PAYING");
    assert.deepEqual(await world.outbox(bookingId), [
      {
        routingKey: "payment.process",
        content: {
          bookingId,
          userId,
          reservationId: lockId,
          amount: 2 * SEAT_PRICE,
          paymentMethod: "bkash",
          paymentDetails,
        },
      },
    ]);
    const booking = await world.show(bookingId, userId);
    const [began] = booking.history;
    assert.deepEqual(booking, {
      bookingId,
      status: "PAYMENT_PENDING",
      journeyId: "test-journey",
      train: { number: "701", name: "Subarna Express" },
      from: { code: "DHK", name: "Dhaka", at: "2099-01-01T06:00:00.000Z" },
      to: { code: "CTG", name: "Chattogram", at: "2099-01-01T11:00:00.000Z" },
      amount: 2 * SEAT_PRICE,
      currency: "BDT",
      createdAt: booking.createdAt,
      bookingVersion: 1,
      lockId,
      seats: [
        {
          seatId: "seat-2",
          coach: "KA",
          class: "SNIGDHA",
          passenger: "Ayesha",
          amount: SEAT_PRICE,
        },
        { seatId: "seat-1", coach: "KA", class: "SNIGDHA", passenger: "Karim", amount: SEAT_PRICE },
      ],
      payment: {
        paymentId: paymentIdOf(bookingId),
        status: "PENDING",
        attempts: 0,
        deadlineAt: booking.payment.deadlineAt,
      },
      cancelRequested: false,
      refund: null,
      ticketIds: [],
      ticketId: null,
      history: [{ status: "PAYMENT_PENDING", at: began?.at }],
    });
  });

  it("leaves the lock held when the price is not the expected one", async () => {
    const userId = randomUUID();
    const lockId = world.neighbours.holdSeats({ userId });
    const answer = await world.book({ lockId, expectedAmount: 1 }, { userId });
    assert.equal(answer.status, 409);
    assert.equal(codeOf(answer.body), "price_changed");
    assert.equal(world.neighbours.locks.get(lockId)?.status, "HELD");
    const again = await world.book({ lockId, expectedAmount: SEAT_PRICE }, { userId });
    assert.equal(again.status, 202);
  });

  it("wants one passenger a seat", async () => {
    const userId = randomUUID();
    const lockId = world.neighbours.holdSeats({ userId, seatIds: ["seat-1", "seat-2"] });
    const answer = await world.book({ lockId }, { userId });
    assert.deepEqual([answer.status, codeOf(answer.body)], [422, "passengers_mismatch"]);
    assert.equal(world.neighbours.locks.get(lockId)?.status, "HELD");
  });

  it("knows no lock of another user", async () => {
    const lockId = world.neighbours.holdSeats({ userId: randomUUID() });
    const answer = await world.book({ lockId }, { userId: randomUUID() });
    assert.deepEqual([answer.status, codeOf(answer.body)], [404, "not_found"]);
    assert.equal(world.neighbours.locks.get(lockId)?.status, "HELD");
  });

  it("books a guest's lock for whoever has its token, and for nobody else", async () => {
    const lockId = world.neighbours.holdSeats({ lockTokenHash: hashLockToken("the-token") });
    const userId = randomUUID();
    const forged = await world.book({ lockId, lockToken: "another" }, { userId });
    assert.deepEqual([forged.status, codeOf(forged.body)], [404, "not_found"]);
    const answer = await world.book({ lockId, lockToken: "the-token" }, { userId });
    assert.equal(answer.status, 202);
  });

  it("passes on why a lock can't be booked", async () => {
    const userId = randomUUID();
    const lockId = world.neighbours.holdSeats({ userId });
    const lock = world.neighbours.locks.get(lockId);
    if (lock) lock.status = "EXPIRED";
    const expired = await world.book({ lockId }, { userId });
    assert.deepEqual([expired.status, codeOf(expired.body)], [409, "lock_expired"]);
    const gone = world.neighbours.holdSeats({ userId, journeyId: "departed" });
    const departed = await world.book({ lockId: gone }, { userId });
    assert.deepEqual([departed.status, codeOf(departed.body)], [422, "journey_departed"]);
  });

  it("refuses what is not of the documented form and holds nothing back", async () => {
    const userId = randomUUID();
    const lockId = world.neighbours.holdSeats({ userId });
    const bad = [
      { lockId: "no-uuid" },
      { lockId, passengers: [] },
      { lockId, passengers: [{ name: "   " }] },
      { lockId, passengers: [{ name: "Ayesha\r\nBcc: everybody" }] },
      { lockId, paymentMethod: "cash" },
      { lockId, expectedAmount: -1 },
      { lockId, paymentDetails: { cardNumber: "4111111111111111" } },
    ];
    for (const body of bad) {
      const answer = await world.book(body, { userId });
      assert.deepEqual([answer.status, codeOf(answer.body)], [400, "validation_failed"]);
    }
    assert.equal(world.neighbours.locks.get(lockId)?.status, "HELD");
    assert.equal((await world.book({ lockId }, { userId })).status, 202);
  });

  it("wants a signed-in user", async () => {
    const answer = await world.request("POST", "/api/bookings", { body: {} });
    assert.equal(answer.status, 401);
  });

  it("answers 503 and books nothing while a neighbour is away", async () => {
    const userId = randomUUID();
    const lockId = world.neighbours.holdSeats({ userId });
    world.neighbours.failing.add("payLock");
    const answer = await world.book({ lockId }, { userId });
    world.neighbours.failing.clear();
    assert.deepEqual([answer.status, codeOf(answer.body)], [503, "dependency_unavailable"]);
    assert.equal((await world.book({ lockId }, { userId })).status, 202);
  });
});
