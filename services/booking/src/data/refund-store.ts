import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { RefundRecord } from "../domain/booking-record.ts";
import type { RefundStore } from "../domain/stores.ts";

export const refundColumns = `refunds.refund_id AS "refundId", refunds.booking_id AS "bookingId",
  refunds.payment_id AS "paymentId", refunds.amount, refunds.currency, refunds.status`;

/** Refunds over a pool or a transaction. Unique by booking: a second request for one changes nothing. */
export const createRefundStore = (database: Queryable): RefundStore => ({
  find: async (bookingId) => {
    const { rows } = await database.query<RefundRecord>({
      name: "refund-find",
      text: `SELECT ${refundColumns} FROM refunds WHERE booking_id = $1`,
      values: [bookingId],
    });
    return rows[0];
  },
  request: async ({ refundId, bookingId, paymentId, amount, currency }, captured) => {
    await database.query(
      `INSERT INTO refunds (refund_id, booking_id, payment_id, amount, currency, captured_amount)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [refundId, bookingId, paymentId, amount, currency, captured],
    );
  },
  markSent: async (refundId) => {
    await database.query(
      "UPDATE refunds SET status = 'SENT' WHERE refund_id = $1 AND status = 'REQUESTED'",
      [refundId],
    );
  },
  end: async (refundId, status, reason) => {
    const { rowCount } = await database.query(
      `UPDATE refunds SET status = $2, reason = $3, ended_at = now()
       WHERE refund_id = $1 AND status IN ('REQUESTED', 'SENT')`,
      [refundId, status, reason ?? null],
    );
    return rowCount === 1;
  },
});
