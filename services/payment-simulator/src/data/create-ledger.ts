import type { Queryable } from "@jatra/common/database/queryable.ts";
import { createBatches } from "@jatra/common/service/create-batches.ts";
import { ledgerEntrySchema } from "@jatra/contracts/http/payment-simulator.ts";
import { z } from "zod";
import type { Entry } from "../domain/entry.ts";

export type NewCharge = {
  readonly id: string;
  readonly idempotencyKey: string | undefined;
  readonly fingerprint: string;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: "captured" | "declined";
  readonly webhooksAfterMs: readonly number[];
};

export type NewRefund = {
  readonly id: string;
  readonly idempotencyKey: string | undefined;
  readonly fingerprint: string;
  readonly reference: string;
  readonly chargeReference: string;
  readonly amount: number;
  readonly currency: string;
};

/** An entry and whether it was made by another request body under the same key. */
export type KeyedEntry = { readonly entry: Entry; readonly fingerprint: string };

export type Ledger = {
  /** `undefined` where the key has an entry already. */
  readonly addCharge: (charge: NewCharge) => Promise<Entry | undefined>;
  readonly findByKey: (kind: Entry["kind"], key: string) => Promise<KeyedEntry | undefined>;
  readonly findCharge: (reference: string) => Promise<Entry | undefined>;
  readonly findById: (id: string) => Promise<Entry | undefined>;
  readonly findRefund: (reference: string) => Promise<Entry | undefined>;
  /** How often it has failed by now, this time included. */
  readonly countFailedTry: (reference: string) => Promise<number>;
  readonly list: (after: number, limit: number) => Promise<Entry[]>;
};

const columns = `sequence, kind, id, reference, charge_reference AS "chargeReference", status, amount,
  currency, reason, at`;

/** Charges a statement; a flush of the commit is the most of what one costs. */
const CHARGES = { itemsMax: 64, runningMax: 2 } as const;

/** The books in simulator_db. */
export const createLedger = (database: Queryable): Ledger => ({
  addCharge: createBatches(
    (charges: readonly NewCharge[]) => addCharges(database, charges),
    CHARGES,
  ),
  findByKey: async (kind, key) => {
    const { rows } = await database.query<{ fingerprint: string }>(
      `SELECT fingerprint, ${columns} FROM entries WHERE kind = $1 AND idempotency_key = $2`,
      [kind, key],
    );
    const entry = firstEntry(rows);
    return entry && { entry, fingerprint: rows[0]?.fingerprint ?? "" };
  },
  // A captured charge comes before a declined one, the first before later ones.
  findCharge: (reference) =>
    findOne(database, "charge", reference, "(status = 'captured') DESC, sequence"),
  findRefund: (reference) =>
    findOne(database, "refund", reference, "(status = 'done') DESC, sequence"),
  findById: async (id) => {
    const { rows } = await database.query(`SELECT ${columns} FROM entries WHERE id = $1`, [id]);
    return firstEntry(rows);
  },
  countFailedTry: async (reference) => {
    const { rows } = await database.query<{ tries: number }>(
      `INSERT INTO failed_tries (reference, tries) VALUES ($1, 1)
       ON CONFLICT (reference) DO UPDATE SET tries = failed_tries.tries + 1 RETURNING tries`,
      [reference],
    );
    return rows[0]?.tries ?? 0;
  },
  list: async (after, limit) => {
    const { rows } = await database.query(
      `SELECT ${columns} FROM entries WHERE sequence > $1 ORDER BY sequence LIMIT $2`,
      [after, limit],
    );
    return rows.map(parseEntry);
  },
});

const addStatement = `
  WITH given AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::json) AS given ("id" text, "idempotencyKey" text,
      "fingerprint" text, "reference" text, "status" text, "amount" integer, "currency" text,
      "reason" text, "webhooksAfterMs" float8[])
  ), added AS (
    INSERT INTO entries (kind, id, idempotency_key, fingerprint, reference, charge_reference,
                         status, amount, currency, reason)
    SELECT 'charge', "id", "idempotencyKey", "fingerprint", "reference", "reference",
           "status", "amount", "currency", "reason" FROM given ORDER BY "idempotencyKey"
    ON CONFLICT (kind, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING ${columns}
  ), told AS (
    INSERT INTO deliveries (sequence, due_at)
    SELECT sequence, now() + after_ms * interval '1 millisecond'
    FROM added JOIN given USING (id), unnest("webhooksAfterMs") AS after_ms)
  SELECT * FROM added`;

const addCharges = async (
  database: Queryable,
  charges: readonly NewCharge[],
): Promise<(Entry | undefined)[]> => {
  const given = charges.map((charge) => ({
    ...charge,
    reason: charge.status === "declined" ? "declined" : null,
  }));
  const { rows } = await database.query({
    name: "charges-add",
    text: addStatement,
    values: [JSON.stringify(given)],
  });
  const added = new Map(rows.map(parseEntry).map((entry) => [entry.id, entry]));
  return charges.map(({ id }) => added.get(id));
};

/**
 * Writes a refund, `done` while the charge covers it and `refused` beyond; within the caller's transaction, since the charge's row is
 * locked against a second refund at the same time. `undefined` where there is no captured charge; the entry of the key if it has one.
 */
export const addRefund = async (
  tx: Queryable,
  refund: NewRefund,
): Promise<KeyedEntry | undefined> => {
  const charge = await tx.query<{ amount: number }>(
    `SELECT amount FROM entries WHERE kind = 'charge' AND reference = $1 AND status = 'captured'
     ORDER BY sequence LIMIT 1 FOR UPDATE`,
    [refund.chargeReference],
  );
  const captured = charge.rows[0]?.amount;
  if (captured === undefined) return undefined;
  const ledger = createLedger(tx);
  const key = refund.idempotencyKey;
  const existing = key === undefined ? undefined : await ledger.findByKey("refund", key);
  if (existing) return existing;
  const { rows } = await tx.query(
    `INSERT INTO entries (kind, id, idempotency_key, fingerprint, reference, charge_reference,
                          status, amount, currency, reason)
     SELECT 'refund', $1, $2, $3, $4, $5, CASE WHEN fits THEN 'done' ELSE 'refused' END, $6, $7,
            CASE WHEN fits THEN NULL ELSE 'more_than_captured' END
     FROM (SELECT coalesce(sum(amount), 0) + $6 <= $8 AS fits FROM entries
           WHERE kind = 'refund' AND charge_reference = $5 AND status = 'done') AS given
     RETURNING ${columns}`,
    [
      refund.id,
      key ?? null,
      refund.fingerprint,
      refund.reference,
      refund.chargeReference,
      refund.amount,
      refund.currency,
      captured,
    ],
  );
  const entry = firstEntry(rows);
  return entry && { entry, fingerprint: refund.fingerprint };
};

const findOne = async (
  database: Queryable,
  kind: Entry["kind"],
  reference: string,
  order: string,
): Promise<Entry | undefined> => {
  const { rows } = await database.query(
    `SELECT ${columns} FROM entries WHERE kind = $1 AND reference = $2 ORDER BY ${order} LIMIT 1`,
    [kind, reference],
  );
  return firstEntry(rows);
};

const rowSchema = z.object({
  ...ledgerEntrySchema.shape,
  at: z.date().transform((at) => at.toISOString()),
  reason: z
    .string()
    .nullable()
    .transform((reason) => reason ?? undefined),
});

export const parseEntry = (row: unknown): Entry => rowSchema.parse(row);

const firstEntry = (rows: readonly unknown[]): Entry | undefined =>
  rows[0] === undefined ? undefined : parseEntry(rows[0]);
