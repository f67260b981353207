import type { Queryable } from "@jatra/common/database/queryable.ts";
import { z } from "zod";

export type SessionStatus = "PENDING" | "VALID" | "FAILED" | "CANCELLED";

export type NewSession = {
  readonly sessionKey: string;
  readonly tranId: string;
  /** In poisha. */
  readonly totalAmount: number;
  readonly currency: string;
  readonly successUrl: string;
  readonly failUrl: string;
  readonly cancelUrl: string;
  readonly ipnUrl: string;
  readonly valueA: string;
};

export type Session = NewSession & {
  readonly status: SessionStatus;
  readonly valId: string | undefined;
  readonly bankTranId: string | undefined;
  readonly tranDate: Date | undefined;
  /** Asked for by the validation call before: SSLCommerz then says VALIDATED. */
  readonly validated: boolean;
};

export type SessionStore = {
  readonly add: (session: NewSession) => Promise<void>;
  readonly find: (sessionKey: string) => Promise<Session | undefined>;
  readonly findByTranId: (tranId: string) => Promise<Session[]>;
  readonly findByBankTranId: (bankTranId: string) => Promise<Session | undefined>;
  /** The session as it was before this call marked it as validated. */
  readonly validate: (valId: string) => Promise<Session | undefined>;
};

const columns = `session_key, tran_id, total_amount, currency, success_url, fail_url, cancel_url,
  ipn_url, value_a, status, val_id, bank_tran_id, tran_date, validated_at IS NOT NULL AS validated`;

/** What merchants opened and what payers did. */
export const createSessionStore = (database: Queryable): SessionStore => ({
  add: async (session) => {
    await database.query(
      `INSERT INTO sessions (session_key, tran_id, total_amount, currency, success_url, fail_url,
                             cancel_url, ipn_url, value_a)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        session.sessionKey,
        session.tranId,
        session.totalAmount,
        session.currency,
        session.successUrl,
        session.failUrl,
        session.cancelUrl,
        session.ipnUrl,
        session.valueA,
      ],
    );
  },
  find: async (sessionKey) => (await select(database, "session_key = $1", sessionKey))[0],
  findByTranId: (tranId) => select(database, "tran_id = $1 AND status <> 'PENDING'", tranId),
  findByBankTranId: async (bankTranId) =>
    (await select(database, "bank_tran_id = $1 AND status = 'VALID'", bankTranId))[0],
  validate: async (valId) => {
    const session = (await select(database, "val_id = $1", valId))[0];
    if (session && !session.validated) {
      await database.query("UPDATE sessions SET validated_at = now() WHERE val_id = $1", [valId]);
    }
    return session;
  },
});

/** PENDING → what the payer chose; `undefined` if that was decided before. */
export const decideSession = async (
  tx: Queryable,
  sessionKey: string,
  decision: {
    readonly status: Exclude<SessionStatus, "PENDING">;
    readonly valId: string | undefined;
    readonly bankTranId: string;
  },
): Promise<Session | undefined> => {
  const { rows } = await tx.query(
    `UPDATE sessions SET status = $2, val_id = $3, bank_tran_id = $4, tran_date = now()
     WHERE session_key = $1 AND status = 'PENDING' RETURNING ${columns}`,
    [sessionKey, decision.status, decision.valId ?? null, decision.bankTranId],
  );
  return rows[0] === undefined ? undefined : parseSession(rows[0]);
};

const select = async (database: Queryable, where: string, value: string): Promise<Session[]> => {
  const { rows } = await database.query(
    `SELECT ${columns} FROM sessions WHERE ${where} ORDER BY created_at`,
    [value],
  );
  return rows.map(parseSession);
};

const optionalText = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);

const rowSchema = z.object({
  session_key: z.string(),
  tran_id: z.string(),
  total_amount: z.number(),
  currency: z.string(),
  success_url: z.string(),
  fail_url: z.string(),
  cancel_url: z.string(),
  ipn_url: z.string(),
  value_a: z.string(),
  status: z.enum(["PENDING", "VALID", "FAILED", "CANCELLED"]),
  val_id: optionalText,
  bank_tran_id: optionalText,
  tran_date: z
    .date()
    .nullable()
    .transform((date) => date ?? undefined),
  validated: z.boolean(),
});

const parseSession = (row: unknown): Session => {
  const parsed = rowSchema.parse(row);
  return {
    sessionKey: parsed.session_key,
    tranId: parsed.tran_id,
    totalAmount: parsed.total_amount,
    currency: parsed.currency,
    successUrl: parsed.success_url,
    failUrl: parsed.fail_url,
    cancelUrl: parsed.cancel_url,
    ipnUrl: parsed.ipn_url,
    valueA: parsed.value_a,
    status: parsed.status,
    valId: parsed.val_id,
    bankTranId: parsed.bank_tran_id,
    tranDate: parsed.tran_date,
    validated: parsed.validated,
  };
};
