import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createSharedTransact, createTransact } from "@jatra/booking/data/transact.ts";
import { applyPaymentEnd } from "@jatra/booking/domain/apply-payment-end.ts";
import { bookingIdOf, paymentIdOf } from "@jatra/booking/domain/booking-ids.ts";
import type { NewBooking } from "@jatra/booking/domain/booking-record.ts";
import type { Transact } from "@jatra/booking/domain/stores.ts";
import { createTestDatabase } from "@jatra/testing/test-database.ts";
import { repository } from "../../cluster/folders.ts";
import type { Part } from "./part.ts";

const COUNT = 400;
/** A warm-up and three rounds, two ways. */
const BOOKINGS = 8 * COUNT;
const POOL_SIZE = 9; // booking-service's own
const AT = "2099-01-01T06:00:00.000Z";

/** Captures taken in as the consumer does: inbox row, booking, outbox row; each in a transaction of its own, or several in one. */
export const paymentEndsPart = async (): Promise<Part> => {
  const folder = join(repository, "services/booking/migrations");
  const database = await createTestDatabase({ folder, poolSize: POOL_SIZE });
  const limits = { itemsMax: 64, runningMax: 2, gatherMs: 5 };
  const nothing = { wake: () => undefined, send: () => undefined };
  const apart = createTransact(database.pool, nothing);
  const together = createSharedTransact(database.pool, limits, nothing);
  const bookings = Array.from({ length: BOOKINGS }, newBooking);
  await Promise.all(
    bookings.map((booking) => together((stores) => stores.bookings.insert(booking))),
  );
  const end = async (transact: Transact): Promise<void> => {
    const booking = bookings.pop();
    if (!booking) throw new Error("all bookings have ended");
    await confirm(booking.bookingId, transact);
  };
  return {
    name: "captures taken in, 64 at a time: a transaction each, shared transactions",
    count: COUNT,
    inFlight: 64,
    ways: { before: () => end(apart), after: () => end(together) },
    stop: database.drop,
  };
};

const confirm = (bookingId: string, transact: Transact): Promise<boolean> =>
  transact(async (stores) => {
    const [isNew, booking] = await Promise.all([
      stores.recordMessage("booking.payment-events.queue", randomUUID()),
      stores.bookings.findForUpdate(bookingId),
    ]);
    const paymentId = paymentIdOf(bookingId);
    const captured = { bookingId, paymentId, outcome: "captured", attempts: 1 } as const;
    return isNew && applyPaymentEnd(stores, booking, { ...captured, reason: undefined });
  });

const newBooking = (): NewBooking => {
  const lockId = randomUUID();
  const bookingId = bookingIdOf(lockId);
  const [from, to] = ["DHK", "CTG"].map((code) => ({ code, name: code, at: AT }));
  if (!from || !to) throw new Error("a trip has two ends");
  return {
    bookingId,
    lockId,
    userId: "buyer",
    email: "buyer@example.com",
    journeyId: "journey-1",
    trip: { train: { number: "701", name: "Subarna Express" }, from, to },
    departsAt: new Date(AT),
    fareVersionId: "fares-1",
    passengers: [
      { name: "Buyer", seatId: "seat-1", coach: "KA", class: "SNIGDHA", fareAmount: 10_000 },
    ],
    amount: 10_000,
    currency: "BDT",
    paymentId: paymentIdOf(bookingId),
    paymentMethod: "card",
    paymentDetails: {},
    paymentDeadlineSeconds: 300,
    requestId: "request-1",
  };
};
