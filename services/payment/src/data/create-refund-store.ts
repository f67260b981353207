import type { Queryable } from "@jatra/common/database/queryable.ts";
import { z } from "zod";
import type { RefundStore } from "../domain/refund-store.ts";
import { refundStates, type Refund } from "../domain/refund.ts";

const columns = `
  r.refund_id, r.payment_id, r.booking_id, r.amount, r.currency, r.state, r.attempts,
  r.provider_reference, r.reason, r.request_id, p.provider_reference AS charge_reference`;

/** Refunds in payment_db. */
export const createRefundStore = (database: Queryable): RefundStore => ({
  insert: async (refundId, request, requestId) => {
    // FOR KEY SHARE isn't needed: CAPTURED is final, so what the SELECT saw stays true.
    const { rowCount } = await database.query(
      `INSERT INTO refunds (refund_id, payment_id, booking_id, amount, currency, request_id)
       SELECT $1, payment_id, booking_id, $4, $5, $6 FROM payments
       WHERE payment_id = $2 AND booking_id = $3 AND state = 'CAPTURED' AND amount >= $4 AND currency = $5
       ON CONFLICT DO NOTHING`,
      [refundId, request.paymentId, request.bookingId, request.amount, request.currency, requestId],
    );
    return rowCount === 1;
  },
  find: (refundId) => findBy(database, "refund_id", refundId),
  findByBooking: (bookingId) => findBy(database, "booking_id", bookingId),
  lease: async (limit, leaseMs) => {
    const { rows } = await database.query(
      `WITH due AS MATERIALIZED (
         SELECT refund_id FROM refunds WHERE state IN ('REQUESTED', 'SENT') AND due_at <= now()
         ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       UPDATE refunds r SET state = 'SENT', attempts = r.attempts + 1, updated_at = now(),
              due_at = now() + $2::float8 * interval '1 millisecond'
       FROM due, payments p WHERE r.refund_id = due.refund_id AND p.payment_id = r.payment_id
       RETURNING ${columns}`,
      [limit, leaseMs],
    );
    return rows.map(parseRefund);
  },
  postpone: async (refundId, providerReference, dueInMs) => {
    await database.query(
      `UPDATE refunds SET provider_reference = coalesce($2, provider_reference), updated_at = now(),
              due_at = now() + $3::float8 * interval '1 millisecond'
       WHERE refund_id = $1 AND state = 'SENT'`,
      [refundId, providerReference ?? null, dueInMs],
    );
  },
  settle: async (tx, refundId, state, told) => {
    const { rows } = await tx.query(
      `UPDATE refunds r SET state = $2, reason = $4, updated_at = now(),
              provider_reference = coalesce($3, r.provider_reference)
       FROM payments p WHERE r.refund_id = $1 AND r.state = 'SENT' AND p.payment_id = r.payment_id
       RETURNING ${columns}`,
      [refundId, state, told.providerReference ?? null, told.reason ?? null],
    );
    return rows[0] === undefined ? undefined : parseRefund(rows[0]);
  },
});

const findBy = async (database: Queryable, column: "refund_id" | "booking_id", id: string) => {
  const { rows } = await database.query(
    `SELECT ${columns} FROM refunds r JOIN payments p USING (payment_id) WHERE r.${column} = $1`,
    [id],
  );
  return rows[0] === undefined ? undefined : parseRefund(rows[0]);
};

const optionalText = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);

const rowSchema = z.object({
  refund_id: z.string(),
  payment_id: z.string(),
  booking_id: z.string(),
  amount: z.number(),
  currency: z.string(),
  state: z.enum(refundStates),
  attempts: z.number(),
  provider_reference: optionalText,
  reason: optionalText,
  request_id: z.string(),
  charge_reference: z.string(),
});

const parseRefund = (row: unknown): Refund => {
  const parsed = rowSchema.parse(row);
  return {
    refundId: parsed.refund_id,
    paymentId: parsed.payment_id,
    bookingId: parsed.booking_id,
    amount: parsed.amount,
    currency: parsed.currency,
    state: parsed.state,
    attempts: parsed.attempts,
    providerReference: parsed.provider_reference,
    reason: parsed.reason,
    requestId: parsed.request_id,
    chargeReference: parsed.charge_reference,
  };
};
