import type { Queryable } from "@jatra/common/database/queryable.ts";

/** Invariants as far as payment_db can see them, each a count that must be 0. */
export type Violations = { readonly I2: number; readonly I3: number; readonly I9: number };

/** Booking-service has this long to hear of a capture. */
const UNTOLD_SECONDS = 60;

/**
 * I2: money that the provider has and nobody's payment explains. I3: captures that are written down and on their way for a minute. I9:
 * captures of another sum than the price. Findings count until a person has resolved them.
 */
export const countViolations = async (database: Queryable): Promise<Violations> => {
  const { rows } = await database.query<Violations>(
    `SELECT
       count(*) FILTER (WHERE kind NOT IN ('amount_mismatch', 'currency_mismatch')) AS "I2",
       (SELECT count(*) FROM outbox
        WHERE published_at IS NULL AND routing_key = 'payment.captured'
          AND created_at < now() - make_interval(secs => $1)) AS "I3",
       count(*) FILTER (WHERE kind IN ('amount_mismatch', 'currency_mismatch')) AS "I9"
     FROM ledger_findings WHERE resolved_at IS NULL`,
    [UNTOLD_SECONDS],
  );
  const [row] = rows;
  if (!row) throw new Error("counting answered nothing");
  return row;
};
