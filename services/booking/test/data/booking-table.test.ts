import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { createBookingStore } from "../../src/data/booking-store.ts";
import { createRefundStore } from "../../src/data/refund-store.ts";
import { createTransact } from "../../src/data/transact.ts";
import { bookingIdOf, paymentIdOf } from "../../src/domain/booking-ids.ts";
import type { NewBooking } from "../../src/domain/booking-record.ts";
import { isLegalChange, transitions, type BookingState } from "../../src/domain/booking-states.ts";
import { resolveBooking } from "../../src/domain/resolve-booking.ts";
import { migrations } from "../world/booking-world.ts";

const states = Object.keys(transitions) as BookingState[];

const newBooking = (lockId: string = randomUUID()): NewBooking => {
  const bookingId = bookingIdOf(lockId);
  const at = "2099-01-01T06:00:00.000Z";
  return {
    bookingId,
    lockId,
    userId: "user-1",
    email: "ayesha@example.com",
    journeyId: "test-journey",
    trip: {
      train: { number: "701", name: "Subarna Express" },
      from: { code: "DHK", name: "Dhaka", at },
      to: { code: "CTG", name: "Chattogram", at },
    },
    departsAt: new Date(at),
    fareVersionId: "fares-1",
    passengers: [
      { name: "Ayesha", seatId: "seat-1", coach: "KA", class: "SNIGDHA", fareAmount: 50_000 },
    ],
    amount: 50_000,
    currency: "BDT",
    paymentId: paymentIdOf(bookingId),
    paymentMethod: "bkash",
    paymentDetails: {},
    paymentDeadlineSeconds: 300,
    requestId: "request-1",
  };
};

const isRefused = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "23514";

const nothing = { wake: () => undefined, send: () => undefined };

describe("the tables of booking_db", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase({ folder: migrations });
  });
  after(() => database.drop());

  /** A booking forced into a state, past the trigger: only for looking at what comes next. */
  const bookingIn = async (status: BookingState): Promise<string> => {
    const booking = newBooking();
    await createBookingStore(database.pool).insert(booking);
    await inTransaction(database.pool, async (transaction) => {
      await transaction.query("ALTER TABLE bookings DISABLE TRIGGER USER");
      await transaction.query(
        `UPDATE bookings SET status = $2, payment_status =
           CASE $2 WHEN 'CONFIRMED' THEN 'CAPTURED' WHEN 'REFUNDED' THEN 'REFUNDED' ELSE 'PENDING' END
         WHERE booking_id = $1`,
        [booking.bookingId, status],
      );
      await transaction.query("ALTER TABLE bookings ENABLE TRIGGER USER");
    });
    return booking.bookingId;
  };

  it("refuse exactly the changes that the state machine doesn't know", async () => {
    for (const from of states) {
      for (const to of states.filter((state) => state !== from)) {
        const bookingId = await bookingIn(from);
        const change = database.pool.query(
          `UPDATE bookings SET status = $2, version = version + 1, payment_status =
             CASE $2 WHEN 'CONFIRMED' THEN 'CAPTURED' WHEN 'REFUNDED' THEN 'REFUNDED'
             ELSE payment_status END
           WHERE booking_id = $1`,
          [bookingId, to],
        );
        if (isLegalChange(from, to)) await change;
        else await assert.rejects(change, isRefused, `${from} → ${to}`);
      }
    }
  });

  it("refuse a change that doesn't count the version on", async () => {
    const bookingId = await bookingIn("PAYMENT_PENDING");
    const set = (assignment: string) =>
      database.pool.query(`UPDATE bookings SET ${assignment} WHERE booking_id = $1`, [bookingId]);
    await assert.rejects(set("status = 'PAYMENT_PROCESSING'"), isRefused);
    await assert.rejects(set("version = version + 1"), isRefused);
  });

  it("refuse a confirmation without a capture", async () => {
    const bookingId = await bookingIn("PAYMENT_PROCESSING");
    const confirm = (payment: string) =>
      database.pool.query(
        `UPDATE bookings SET status = 'CONFIRMED', version = 2, payment_status = $2
         WHERE booking_id = $1`,
        [bookingId, payment],
      );
    await assert.rejects(confirm("PENDING"), isRefused);
    await confirm("CAPTURED");
  });

  it("write the history by themselves", async () => {
    const booking = newBooking();
    const store = createBookingStore(database.pool);
    await store.insert(booking);
    const { bookingId } = booking;
    await store.changeStatus(
      { bookingId, status: "PAYMENT_PENDING", version: 1 },
      "PAYMENT_FAILED",
    );
    const { rows } = await database.pool.query(
      "SELECT version, status FROM booking_history WHERE booking_id = $1 ORDER BY version",
      [bookingId],
    );
    assert.deepEqual(rows, [
      { version: 1, status: "PAYMENT_PENDING" },
      { version: 2, status: "PAYMENT_FAILED" },
    ]);
  });

  it("change a booking once, however many have read it", async () => {
    const booking = newBooking();
    const store = createBookingStore(database.pool);
    await store.insert(booking);
    const read = { bookingId: booking.bookingId, status: "PAYMENT_PENDING", version: 1 } as const;
    // Each in a transaction of its own, and then all in one statement.
    const transact = createTransact(database.pool, nothing);
    const apart = await Promise.all(
      Array.from({ length: 8 }, () =>
        transact(({ bookings }) => bookings.changeStatus(read, "PAYMENT_PROCESSING")),
      ),
    );
    assert.equal(apart.filter(Boolean).length, 1);
    const begun = { ...read, status: "PAYMENT_PROCESSING", version: 2 } as const;
    const together = await Promise.all(
      Array.from({ length: 8 }, () => store.changeStatus(begun, "PAYMENT_FAILED")),
    );
    assert.equal(together.filter(Boolean).length, 1);
  });

  it("hold one booking a lock, however many are made at once", async () => {
    const booking = newBooking();
    const store = createBookingStore(database.pool);
    const inserted = await Promise.all(Array.from({ length: 8 }, () => store.insert(booking)));
    assert.equal(inserted.filter(Boolean).length, 1);
    const { rows } = await database.pool.query("SELECT 1 FROM passengers WHERE booking_id = $1", [
      booking.bookingId,
    ]);
    assert.equal(rows.length, 1);
  });

  it("hold one refund a booking, of no more than was captured", async () => {
    const bookingId = await bookingIn("CANCELLED");
    const refunds = createRefundStore(database.pool);
    const paymentId = paymentIdOf(bookingId);
    const refund = (amount: number, refundId: string = randomUUID()) => ({
      refundId,
      bookingId,
      paymentId,
      amount,
      currency: "BDT" as const,
    });
    await assert.rejects(refunds.request(refund(50_001), 50_000), isRefused);
    await Promise.all([30_000, 20_000].map((amount) => refunds.request(refund(amount), 50_000)));
    const { rows } = await database.pool.query("SELECT amount FROM refunds WHERE booking_id = $1", [
      bookingId,
    ]);
    assert.equal(rows.length, 1);
  });

  it("make one change wait for the other", async () => {
    const transact = createTransact(database.pool, nothing);
    const booking = newBooking();
    const { bookingId } = booking;
    await createBookingStore(database.pool).insert(booking);
    const locked = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const first = transact(async ({ bookings }) => {
      const read = await bookings.findForUpdate(bookingId);
      locked.resolve();
      await mayCommit.promise;
      if (read) await bookings.changeStatus(read, "PAYMENT_PROCESSING");
    });
    await locked.promise;
    const second = transact(async ({ bookings }) => bookings.findForUpdate(bookingId));
    // A second that didn't wait would have read by the time that a third, which needn't wait, has.
    await createBookingStore(database.pool).find(bookingId);
    mayCommit.resolve();
    await first;
    assert.equal((await second)?.status, "PAYMENT_PROCESSING");
  });

  it("let either the tombstone or the booking win, never both", async () => {
    const transact = createTransact(database.pool, nothing);
    for (let round = 0; round < 20; round += 1) {
      const booking = newBooking();
      const { bookingId, lockId } = booking;
      const [outcome, inserted] = await Promise.all([
        resolveBooking({ bookingId, lockId }, transact),
        transact((stores) => stores.bookings.insert(booking)),
      ]);
      assert.equal(outcome, inserted ? "LIVE" : "RELEASED");
    }
  });

  it("make a resolve wait for the booking that is being written", async () => {
    const transact = createTransact(database.pool, nothing);
    const booking = newBooking();
    const { bookingId, lockId } = booking;
    const written = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const writing = transact(async (stores) => {
      await stores.bookings.insert(booking);
      written.resolve();
      await mayCommit.promise;
    });
    await written.promise;
    const resolving = resolveBooking({ bookingId, lockId }, transact);
    mayCommit.resolve();
    await writing;
    assert.equal(await resolving, "LIVE");
  });
});
