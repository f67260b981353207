import { rowsOf } from "@jatra/common/database/rows-of.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { settlesFrom, type Payment } from "../domain/payment.ts";
import type { Settlement } from "../domain/payment-store.ts";
import { firstPayment, parsePayment, paymentColumns } from "./payment-rows.ts";

/*
 * The steps of a payment. Each is one statement whose WHERE holds the state it starts from (and, for what one attempt
 * writes about itself, the attempt's number), so two pods can't both take a step.
 */

const inMs = (parameter: string): string => `now() + ${parameter} * interval '1 millisecond'`;

export const leaseNew = async (
  database: Queryable,
  limit: number,
  leaseMs: number,
): Promise<Payment[]> => {
  const { rows } = await database.query({
    name: "payment-lease-new",
    // MATERIALIZED: else the planner may run the LIMIT once a row and lock more than it takes.
    text: `WITH due AS MATERIALIZED (
             SELECT payment_id FROM payments
             WHERE state = 'NEW' AND (deadline_at IS NULL OR deadline_at > now())
             ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED),
           leased AS (
             UPDATE payments p SET state = 'SENT', attempts = attempts + 1, sent_at = now(),
                    due_at = ${inMs("$2::float8")}, updated_at = now()
             FROM due WHERE p.payment_id = due.payment_id
             RETURNING ${paymentColumns}),
           tried AS (
             INSERT INTO attempts (payment_id, number) SELECT payment_id, attempts FROM leased)
           SELECT * FROM leased`,
    values: [limit, leaseMs],
  });
  return rows.map(parsePayment);
};

export const leaseDue = async (
  database: Queryable,
  limit: number,
  leaseMs: number,
): Promise<Payment[]> => {
  const { rows } = await database.query({
    name: "payment-lease-due",
    text: `WITH due AS MATERIALIZED (
             SELECT payment_id FROM payments
             WHERE state IN ('SENT', 'UNKNOWN') AND due_at <= now()
             ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
           UPDATE payments p SET due_at = ${inMs("$2::float8")}
           FROM due WHERE p.payment_id = due.payment_id
           RETURNING ${paymentColumns}`,
    values: [limit, leaseMs],
  });
  return rows.map(parsePayment);
};

export const leaseAgain = async (
  database: Queryable,
  payment: Payment,
  leaseMs: number,
): Promise<Payment | undefined> => {
  const { rows } = await database.query(
    `WITH leased AS (
       UPDATE payments p SET state = 'SENT', attempts = attempts + 1, sent_at = now(),
              due_at = ${inMs("$3::float8")}, updated_at = now()
       WHERE payment_id = $1 AND attempts = $2 AND state IN ('SENT', 'UNKNOWN')
         AND NOT close_requested AND (deadline_at IS NULL OR deadline_at > now())
       RETURNING ${paymentColumns}),
     tried AS (
       INSERT INTO attempts (payment_id, number) SELECT payment_id, attempts FROM leased)
     SELECT * FROM leased`,
    [payment.paymentId, payment.attempts, leaseMs],
  );
  return firstPayment(rows);
};

export const markUnknown = async (
  database: Queryable,
  payment: Payment,
  outcome: string,
  dueInMs: number,
): Promise<void> => {
  await database.query(
    `WITH ended AS (
       UPDATE attempts SET ended_at = now(), outcome = $3 WHERE payment_id = $1 AND number = $2)
     UPDATE payments SET state = 'UNKNOWN', due_at = ${inMs("$4::float8")}, updated_at = now()
     WHERE payment_id = $1 AND attempts = $2 AND state = 'SENT'`,
    [payment.paymentId, payment.attempts, outcome, dueInMs],
  );
};

export const markRedirected = async (
  database: Queryable,
  payment: Payment,
  url: string,
  dueInMs: number,
): Promise<void> => {
  await database.query(
    `WITH ended AS (
       UPDATE attempts SET ended_at = now(), outcome = 'redirect' WHERE payment_id = $1 AND number = $2)
     UPDATE payments SET redirect_url = $3, due_at = ${inMs("$4::float8")}, updated_at = now()
     WHERE payment_id = $1 AND attempts = $2 AND state IN ('SENT', 'UNKNOWN')`,
    [payment.paymentId, payment.attempts, url, dueInMs],
  );
};

export const postpone = async (
  database: Queryable,
  paymentId: string,
  dueInMs: number,
): Promise<void> => {
  await database.query(
    `UPDATE payments SET due_at = ${inMs("$2::float8")}
     WHERE payment_id = $1 AND state IN ('SENT', 'UNKNOWN')`,
    [paymentId, dueInMs],
  );
};

const settlementColumns = {
  payment_id: "uuid",
  state: "text",
  provider_reference: "text",
  reason: "text",
};

export const settle = async (
  tx: Queryable,
  settlements: readonly Settlement[],
): Promise<Payment[]> => {
  const { rows } = await tx.query({
    name: "payment-settle",
    // Rows are locked in the order of their ids first: two pods with some payments in common would deadlock.
    text: `WITH told AS MATERIALIZED (SELECT * FROM ${rowsOf("told", settlementColumns)}),
           locked AS MATERIALIZED (
             SELECT payment_id FROM payments JOIN told USING (payment_id)
             ORDER BY payment_id FOR UPDATE OF payments),
           settled AS (
             UPDATE payments p SET state = told.state, reason = told.reason, updated_at = now(),
                    provider_reference = coalesce(told.provider_reference, p.provider_reference)
             FROM locked JOIN told USING (payment_id)
             WHERE p.payment_id = locked.payment_id AND p.state = ANY(
               CASE told.state WHEN 'CAPTURED' THEN $5::text[] ELSE $6::text[] END)
             RETURNING ${paymentColumns}),
           ended AS (
             UPDATE attempts a SET ended_at = now(), outcome = s.state
             FROM settled s WHERE a.payment_id = s.payment_id AND a.number = s.attempts
               AND a.ended_at IS NULL)
           SELECT * FROM settled`,
    values: [
      settlements.map(({ paymentId }) => paymentId),
      settlements.map(({ state }) => state),
      settlements.map(({ providerReference }) => providerReference ?? null),
      settlements.map(({ reason }) => reason ?? null),
      settlesFrom("CAPTURED"),
      settlesFrom("FAILED"),
    ],
  });
  return rows.map(parsePayment);
};

export const closeNew = async (
  tx: Queryable,
  paymentId: string,
  reason: string,
): Promise<Payment | undefined> => {
  const { rows } = await tx.query(
    `UPDATE payments p SET state = 'CLOSED', close_requested = true, reason = $2, updated_at = now()
     WHERE payment_id = $1 AND state = 'NEW' RETURNING ${paymentColumns}`,
    [paymentId, reason],
  );
  return firstPayment(rows);
};
