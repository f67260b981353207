import { numberedUuid as id, oneAnswerAKey, refuseViolations } from "@jatra/testing/constraints.ts";

const payment = (paymentId: number, bookingId: number): string =>
  `INSERT INTO payments (payment_id, booking_id, user_id, amount, currency, method, state)
   VALUES (${id(paymentId)}, ${id(bookingId)}, 'user-1', 100, 'BDT', 'card', 'NEW')`;

const refund = (refundId: number, paymentId: number, bookingId: number): string =>
  `INSERT INTO refunds (refund_id, payment_id, booking_id, amount, currency)
   VALUES (${id(refundId)}, ${id(paymentId)}, ${id(bookingId)}, 100, 'BDT')`;

const attempt = (paymentId: number): string =>
  `INSERT INTO attempts (payment_id, number) VALUES (${id(paymentId)}, 1)`;

const finding = `INSERT INTO ledger_findings (provider, entry_id, reference, kind)
                 VALUES ('simulator', 'entry-1', 'reference-1', 'unknown_charge')`;

describe("the constraints of payment_db", () => {
  refuseViolations(new URL("../../migrations", import.meta.url), [
    {
      rule: "one payment a booking",
      allowed: [payment(1, 101)],
      refused: payment(2, 101),
      code: "23505",
    },
    {
      rule: "only a tombstone lacks its intent",
      allowed: [`INSERT INTO payments (payment_id, state) VALUES (${id(3)}, 'CLOSED')`],
      refused: `INSERT INTO payments (payment_id, state) VALUES (${id(4)}, 'NEW')`,
      code: "23514",
    },
    {
      rule: "a capture names the provider's charge",
      refused: payment(5, 105).replace("'NEW'", "'CAPTURED'"),
      code: "23514",
    },
    {
      rule: "a try's number once a payment",
      allowed: [payment(6, 106), attempt(6)],
      refused: attempt(6),
      code: "23505",
    },
    {
      rule: "one refund a booking",
      allowed: [payment(7, 107), payment(8, 108), refund(1, 7, 107)],
      refused: refund(2, 8, 107),
      code: "23505",
    },
    { rule: "one finding an entry", allowed: [finding], refused: finding, code: "23505" },
    oneAnswerAKey("one answer a key of a user and an operation"),
  ]);
});
