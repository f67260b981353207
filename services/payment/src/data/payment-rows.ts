import { paymentDetailsSchema } from "@jatra/contracts/messages/payment-process.ts";
import { z } from "zod";
import { paymentStates, type Payment } from "../domain/payment.ts";

/** All that a Payment needs, with ages and deadlines by the database's clock. For `payments p`. */
export const paymentColumns = `
  p.payment_id, p.booking_id, p.user_id, p.amount, p.currency, p.method, p.details, p.state,
  p.close_requested, p.attempts, p.deadline_at, coalesce(p.deadline_at <= now(), false) AS deadline_passed,
  (extract(epoch FROM now() - p.sent_at) * 1000)::float8 AS sent_ago_ms,
  p.redirect_url, p.provider_reference, p.reason, p.request_id, p.created_at`;

const optional = <S extends z.ZodType>(schema: S) =>
  schema.nullable().transform((value) => value ?? undefined);

const rowSchema = z.object({
  payment_id: z.string(),
  booking_id: z.string(),
  user_id: z.string(),
  amount: z.number(),
  currency: z.string(),
  method: z.string(),
  details: optional(paymentDetailsSchema),
  state: z.enum(paymentStates),
  close_requested: z.boolean(),
  attempts: z.number(),
  deadline_at: optional(z.date()),
  deadline_passed: z.boolean(),
  sent_ago_ms: optional(z.number()),
  redirect_url: optional(z.string()),
  provider_reference: optional(z.string()),
  reason: optional(z.string()),
  request_id: z.string(),
  created_at: z.date(),
});

/** A row of `paymentColumns`; tombstones have no intent and must be left out by the query. */
export const parsePayment = (row: unknown): Payment => {
  const parsed = rowSchema.parse(row);
  return {
    paymentId: parsed.payment_id,
    bookingId: parsed.booking_id,
    userId: parsed.user_id,
    amount: parsed.amount,
    currency: parsed.currency,
    method: parsed.method,
    details: parsed.details,
    state: parsed.state,
    closeRequested: parsed.close_requested,
    attempts: parsed.attempts,
    deadlineAt: parsed.deadline_at,
    deadlinePassed: parsed.deadline_passed,
    sentAgoMs: parsed.sent_ago_ms,
    redirectUrl: parsed.redirect_url,
    providerReference: parsed.provider_reference,
    reason: parsed.reason,
    requestId: parsed.request_id,
    createdAt: parsed.created_at,
  };
};

export const firstPayment = (rows: readonly unknown[]): Payment | undefined =>
  rows[0] === undefined ? undefined : parsePayment(rows[0]);
