import type { Guard } from "./guard.ts";

const source = "services/booking/src";
const tests = "services/booking/test";
const migration = "services/booking/migrations/000001_bookings.sql";

export const bookingGuards: readonly Guard[] = [
  {
    guard: "tombstone of a booking that never came to be",
    file: `${source}/domain/resolve-booking.ts`,
    find: "await bookings.insertTombstone(request.bookingId, request.lockId);",
    replace: "",
    test: {
      file: `${tests}/api/crash-and-repeat.test.ts`,
      title: "is refused for good when it was",
    },
  },
  {
    guard: "no tombstone under another lock",
    file: `${source}/domain/resolve-booking.ts`,
    find: "if (bookingIdOf(request.lockId) !== request.bookingId) {",
    replace: "if (request.bookingId === undefined) {",
    test: {
      file: `${tests}/api/crash-and-repeat.test.ts`,
      title: "makes no tombstone under a lock",
    },
  },
  {
    guard: "the payment's message in the booking's transaction",
    file: `${source}/domain/create-booking.ts`,
    find: "stores.publishPayment(paymentMessageOf(booking), request.requestId),",
    replace: "paymentMessageOf(booking),",
    test: {
      file: `${tests}/api/create-booking.test.ts`,
      title: "books the seats of a lock at the",
    },
  },
  {
    guard: "compare-and-set of a booking's status",
    file: `${source}/data/booking-steps.ts`,
    find: "AND bookings.status = change.status\n    AND bookings.version = change.version RETURNING",
    replace: "RETURNING",
    test: { file: `${tests}/data/booking-table.test.ts`, title: "change a booking once, however" },
  },
  {
    guard: "legal steps of a booking, in the database",
    file: migration,
    find: "CREATE TRIGGER bookings_check BEFORE INSERT OR UPDATE OF status, version ON bookings",
    replace: "CREATE TRIGGER bookings_check BEFORE DELETE ON bookings",
    test: { file: `${tests}/data/booking-table.test.ts`, title: "refuse exactly the changes that" },
  },
  {
    guard: "no confirmation without a capture, in the database",
    file: migration,
    find: "CONSTRAINT bookings_paid CHECK (\n    (status <> 'CONFIRMED' OR payment_status = 'CAPTURED')",
    replace: "CONSTRAINT bookings_paid CHECK (\n    true",
    test: { file: `${tests}/data/booking-table.test.ts`, title: "refuse a confirmation without a" },
  },
  {
    guard: "a refund is never more than was captured",
    file: migration,
    find: "CONSTRAINT refunds_within_capture CHECK (amount <= captured_amount)",
    replace: "CHECK (true)",
    test: {
      file: `${tests}/data/booking-table.test.ts`,
      title: "hold one refund a booking, of no",
    },
  },
  {
    guard: "a late capture is given back",
    file: `${source}/domain/decide-payment-end.ts`,
    find: "return { changeTo: undefined, refund: true };",
    replace: "return { changeTo: undefined, refund: false };",
    test: {
      file: `${tests}/domain/decide-payment-end.test.ts`,
      title: "gives back a capture that",
    },
  },
  {
    guard: "a capture is taken in once",
    file: `${source}/domain/decide-payment-end.ts`,
    find: "if (isCaptured(booking)) return undefined;",
    replace: "isCaptured(booking);",
    test: {
      file: `${tests}/domain/decide-payment-end.test.ts`,
      title: "ignores a repeated capture",
    },
  },
  {
    guard: "a payment confirms its own booking only, at its price",
    file: `${source}/domain/apply-payment-end.ts`,
    find: "if (matches) return;",
    replace: "if (matches || booking) return;",
    test: {
      file: `${tests}/integration/payment-events.test.ts`,
      title: "confirm nothing for another payment",
    },
  },
  {
    guard: "a wish to cancel comes before the charge",
    file: `${source}/data/booking-steps.ts`,
    find: "AND bookings.status = begun.status AND cancel_requested_at IS NULL",
    replace: "AND bookings.status = begun.status",
    test: {
      file: `${tests}/integration/payment-worker.test.ts`,
      title: "hands nothing over once the booking has ended",
    },
  },
  {
    guard: "a booking is its owner's",
    file: `${source}/domain/may-see.ts`,
    find: "booking.userId === identity.userId;",
    replace: "booking.userId !== null;",
    test: { file: `${tests}/api/read-bookings.test.ts`, title: "shows a booking to its owner" },
  },
];
