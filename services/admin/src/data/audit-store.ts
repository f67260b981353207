import type pg from "pg";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { ActOutcome, AuditEntry, Overview } from "@jatra/contracts/http/admin.ts";
import type { Role } from "@jatra/contracts/identity.ts";
import type { ActIntent, ActResult, AuditLog } from "../domain/perform-act.ts";

/** The audit log over a pool: each record is committed by itself, before and after the act. */
export const createAuditLog = (pool: pg.Pool): AuditLog => ({
  recordIntent: (intent) => insertAct(pool, intent),
  recordResult: (actId, result) => insertResult(pool, actId, result),
});

const insertAct = async (database: Queryable, intent: ActIntent): Promise<string> => {
  const { actor } = intent;
  const { rows } = await database.query<{ id: string }>(
    `INSERT INTO acts (user_id, user_name, user_email, user_role, action, service, method, path, body, request_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING act_id::text AS id`,
    [
      actor.userId,
      actor.name,
      actor.email,
      actor.role,
      intent.action,
      intent.service,
      intent.method,
      intent.path,
      intent.body === undefined ? null : JSON.stringify(intent.body),
      intent.requestId,
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error("an insert answered no id");
  return id;
};

const insertResult = async (
  database: Queryable,
  actId: string,
  { outcome, status, code }: ActResult,
): Promise<void> => {
  const text = "INSERT INTO act_results (act_id, outcome, status, code) VALUES ($1, $2, $3, $4)";
  await database.query(text, [actId, outcome, status, code]);
};

export type AuditQuery = {
  readonly userId: string | undefined;
  readonly action: string | undefined;
  readonly outcome: ActOutcome | undefined;
  /** Id of the last entry shown. */
  readonly before: string | undefined;
  readonly limit: number;
};

type Row = {
  id: string;
  at: Date;
  userId: string;
  name: string;
  email: string;
  role: Role;
  action: string;
  service: string;
  method: string;
  path: string;
  body: unknown;
  requestId: string;
  outcome: ActOutcome;
  status: number | null;
  code: string | null;
  resultAt: Date | null;
};

/** Acts and their results, the latest first. */
export const listEntries = async (
  database: Queryable,
  query: AuditQuery,
): Promise<AuditEntry[]> => {
  const { rows } = await database.query<Row>(
    `SELECT a.act_id::text AS id, a.at, a.user_id AS "userId", a.user_name AS name, a.user_email AS email,
            a.user_role AS role, a.action, a.service, a.method, a.path, a.body, a.request_id AS "requestId",
            coalesce(r.outcome, 'OPEN') AS outcome, r.status, r.code, r.at AS "resultAt"
       FROM acts a LEFT JOIN act_results r USING (act_id)
      WHERE ($1::text IS NULL OR a.user_id = $1) AND ($2::text IS NULL OR a.action = $2)
        AND ($3::text IS NULL OR coalesce(r.outcome, 'OPEN') = $3)
        AND ($4::bigint IS NULL OR a.act_id < $4)
      ORDER BY a.act_id DESC LIMIT $5`,
    [
      query.userId ?? null,
      query.action ?? null,
      query.outcome ?? null,
      query.before ?? null,
      query.limit,
    ],
  );
  return rows.map(toEntry);
};

/** Counts of the last 24 hours; an act without a result is suspicious once it is a minute old. */
export const countRecent = async (database: Queryable): Promise<Overview["audit"]> => {
  const { rows } = await database.query<Overview["audit"]>(
    `SELECT count(*) AS acts, count(*) FILTER (WHERE r.outcome = 'UNANSWERED') AS unanswered,
            count(*) FILTER (WHERE r.act_id IS NULL AND a.at < now() - interval '1 minute') AS open
       FROM acts a LEFT JOIN act_results r USING (act_id)
      WHERE a.at > now() - interval '24 hours'`,
  );
  return rows[0] ?? { acts: 0, open: 0, unanswered: 0 };
};

const toEntry = (row: Row): AuditEntry => ({
  id: row.id,
  at: row.at.toISOString(),
  actor: { userId: row.userId, name: row.name, email: row.email, role: row.role },
  action: row.action,
  service: row.service,
  method: row.method,
  path: row.path,
  body: row.body,
  requestId: row.requestId,
  outcome: row.outcome,
  result: row.resultAt && { status: row.status, code: row.code, at: row.resultAt.toISOString() },
});
