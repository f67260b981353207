import { firstOfEach } from "@jatra/common/database/first-of-each.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { createBatches } from "@jatra/common/service/create-batches.ts";
import type { PaymentIntent } from "@jatra/contracts/http/payment.ts";
import type { PaymentIntents } from "../domain/payment-store.ts";
import { firstPayment, parsePayment, paymentColumns } from "./payment-rows.ts";

/** Intents and what is read of payments; the steps of a payment are in payment-leases.ts. */
export const createIntents = (database: Queryable): PaymentIntents => ({
  insertIntent: insertTogether(database),
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

/** Intents a statement; a flush of the commit is the most of what one costs. */
const INTENTS = { itemsMax: 64, runningMax: 2 } as const;

type NewIntent = PaymentIntent & { readonly paymentId: string; readonly requestId: string };

const insertTogether = (database: Queryable): PaymentIntents["insertIntent"] => {
  const insert = createBatches(
    (intents: readonly NewIntent[]) => insertIntents(database, intents),
    INTENTS,
  );
  return (paymentId, intent, requestId) => insert({ ...intent, paymentId, requestId });
};

const insertIntents = async (
  database: Queryable,
  intents: readonly NewIntent[],
): Promise<boolean[]> => {
  const { rows } = await database.query<{ paymentId: string }>({
    name: "payments-insert",
    text: `INSERT INTO payments (payment_id, booking_id, user_id, amount, currency, method, details,
                                 deadline_at, state, request_id)
           SELECT "paymentId", "bookingId", "userId", "amount", "currency", "paymentMethod",
                  "paymentDetails", "deadlineAt", 'NEW', "requestId"
           FROM json_to_recordset($1::json) AS intent ("paymentId" uuid, "bookingId" uuid,
             "userId" text, "amount" integer, "currency" text, "paymentMethod" text,
             "paymentDetails" jsonb, "deadlineAt" timestamptz, "requestId" text)
           ORDER BY "paymentId"
           ON CONFLICT DO NOTHING RETURNING payment_id AS "paymentId"`,
    values: [JSON.stringify(firstOfEach(intents, ({ paymentId }) => paymentId))],
  });
  const inserted = new Set(rows.map(({ paymentId }) => paymentId));
  // Each row answers one of them: of two under one id, the second is a repeat.
  return intents.map(({ paymentId }) => inserted.delete(paymentId));
};

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
