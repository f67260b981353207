import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { PaymentIntents } from "../domain/payment-store.ts";
import { firstPayment, parsePayment, paymentColumns } from "./payment-rows.ts";

/** Intents and what is read of payments; the steps of a payment are in payment-leases.ts. */
export const createIntents = (database: Queryable): PaymentIntents => ({
  insertIntent: async (paymentId, intent, requestId) => {
    const { rowCount } = await database.query({
      name: "payment-insert",
      text: `INSERT INTO payments (payment_id, booking_id, user_id, amount, currency, method, details,
                                   deadline_at, state, request_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'NEW', $9) ON CONFLICT DO NOTHING`,
      values: [
        paymentId,
        intent.bookingId,
        intent.userId,
        intent.amount,
        intent.currency,
        intent.paymentMethod,
        intent.paymentDetails === undefined ? null : JSON.stringify(intent.paymentDetails),
        intent.deadlineAt ?? null,
        requestId,
      ],
    });
    return rowCount === 1;
  },
  find: (paymentId) => findBy(database, "payment_id", paymentId),
  findByBooking: (bookingId) => findBy(database, "booking_id", bookingId),
  findMany: async (paymentIds) => {
    const known = paymentIds.filter((id) => uuidForm.test(id));
    if (known.length === 0) return [];
    const { rows } = await database.query(
      `SELECT ${paymentColumns} FROM payments p
       WHERE payment_id = ANY($1::uuid[]) AND booking_id IS NOT NULL`,
      [known],
    );
    return rows.map(parsePayment);
  },
  isTombstone: async (paymentId) => {
    const { rows } = await database.query(
      "SELECT 1 FROM payments WHERE payment_id = $1 AND booking_id IS NULL",
      [paymentId],
    );
    return rows.length > 0;
  },
  insertTombstone: async (paymentId) => {
    const { rowCount } = await database.query(
      `INSERT INTO payments (payment_id, state, reason, close_requested)
       VALUES ($1, 'CLOSED', 'closed', true) ON CONFLICT DO NOTHING`,
      [paymentId],
    );
    return rowCount === 1;
  },
  requestClose: async (paymentId) => {
    await database.query(
      `UPDATE payments SET close_requested = true, updated_at = now()
       WHERE payment_id = $1 AND state IN ('SENT', 'UNKNOWN') AND NOT close_requested`,
      [paymentId],
    );
  },
  findNewPastDeadline: async (limit) => {
    const { rows } = await database.query<{ payment_id: string }>(
      `SELECT payment_id FROM payments WHERE state = 'NEW' AND deadline_at <= now()
       ORDER BY due_at LIMIT $1`,
      [limit],
    );
    return rows.map((row) => row.payment_id);
  },
});

/** A provider may name anything; what isn't a UUID is no payment of ours. */
const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const findBy = async (database: Queryable, column: "payment_id" | "booking_id", id: string) => {
  if (!uuidForm.test(id)) return undefined;
  const { rows } = await database.query({
    name: `payment-by-${column}`,
    text: `SELECT ${paymentColumns} FROM payments p WHERE ${column} = $1 AND booking_id IS NOT NULL`,
    values: [id],
  });
  return firstPayment(rows);
};
