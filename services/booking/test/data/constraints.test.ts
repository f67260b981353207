import { numberedUuid as id, oneAnswerAKey, refuseViolations } from "@jatra/testing/constraints.ts";

const tombstone = (bookingId: number, lockId: number, paymentId?: number): string =>
  `INSERT INTO bookings (booking_id, lock_id, status, payment_id)
   VALUES (${id(bookingId)}, ${id(lockId)}, 'ABANDONED', ${paymentId ? id(paymentId) : "NULL"})`;

const passenger = (bookingId: number, position: number, seat: string): string =>
  `INSERT INTO passengers (booking_id, position, name, seat_id, coach, class, fare_amount)
   VALUES (${id(bookingId)}, ${position}, 'Name', '${seat}', 'KA', 'SNIGDHA', 100)`;

const refund = (refundId: number, bookingId: number, paymentId: number): string =>
  `INSERT INTO refunds (refund_id, booking_id, payment_id, amount, captured_amount, currency)
   VALUES (${id(refundId)}, ${id(bookingId)}, ${id(paymentId)}, 1, 1, 'BDT')`;

const message = "INSERT INTO inbox (queue, message_id) VALUES ('queue', 'message-1')";

describe("the constraints of booking_db", () => {
  refuseViolations(new URL("../../migrations", import.meta.url), [
    {
      rule: "one booking a lock, whatever its own id",
      allowed: [tombstone(1, 100)],
      refused: tombstone(2, 100),
      code: "23505",
    },
    {
      rule: "one booking a payment",
      allowed: [tombstone(3, 103, 203)],
      refused: tombstone(4, 104, 203),
      code: "23505",
    },
    {
      rule: "a booking that isn't a tombstone lacks nothing",
      refused: tombstone(5, 105).replace("ABANDONED", "PAYMENT_PENDING"),
      code: "23514",
    },
    {
      rule: "one passenger a place in the list",
      allowed: [tombstone(6, 106), passenger(6, 0, "KA-1")],
      refused: passenger(6, 0, "KA-2"),
      code: "23505",
    },
    {
      rule: "one passenger a seat",
      allowed: [tombstone(7, 107), passenger(7, 0, "KA-1")],
      refused: passenger(7, 1, "KA-1"),
      code: "23505",
    },
    {
      rule: "one refund a booking, of whichever payment",
      allowed: [tombstone(8, 108), refund(1, 8, 208)],
      refused: refund(2, 8, 209),
      code: "23505",
    },
    {
      rule: "one refund a payment, of whichever booking",
      allowed: [tombstone(9, 109), tombstone(10, 110), refund(3, 9, 210)],
      refused: refund(4, 10, 210),
      code: "23505",
    },
    {
      rule: "one line of history a version",
      allowed: [tombstone(11, 111)],
      refused: `INSERT INTO booking_history (booking_id, version, status)
                VALUES (${id(11)}, 1, 'ABANDONED')`,
      code: "23505",
    },
    { rule: "a message once a queue", allowed: [message], refused: message, code: "23505" },
    oneAnswerAKey("one answer a key of a user and an operation"),
  ]);
});
