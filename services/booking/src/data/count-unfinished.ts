import type { Queryable } from "@jatra/common/database/queryable.ts";
import { UNTOLD } from "./sweep-store.ts";

export type Unfinished = {
  readonly live: number;
  /** I8: payments that found no end for minutes after their deadline. */
  readonly overdue: number;
  /** I3: refunds that payment-service hasn't heard of a minute after the capture or the cancellation. */
  readonly refundsUnsent: number;
  readonly refundsFailed: number;
  /** I9: confirmed bookings without tickets, although they were told of twice more. */
  readonly unticketed: number;
};

/** Closing asks the provider, which may itself be away for some time before a person must know. */
const OVERDUE_SECONDS = 120;
const UNSENT_SECONDS = 60;
/** After half a minute, and five minutes later: a confirmation that only waits in a queue has arrived by then. */
const TOLD_AGAIN = 2;

/** Each count reads a partial index over what isn't finished, not the table. */
export const countUnfinished = async (database: Queryable): Promise<Unfinished> => {
  const { rows } = await database.query<Unfinished>(
    `SELECT count(*) AS live,
       count(*) FILTER (WHERE payment_deadline_at < now() - make_interval(secs => $1)) AS overdue,
       (SELECT count(*) FROM refunds WHERE status IN ('REQUESTED', 'SENT') AND status = 'REQUESTED'
          AND requested_at < now() - make_interval(secs => $2)) AS "refundsUnsent",
       (SELECT count(*) FROM refunds WHERE status = 'FAILED') AS "refundsFailed",
       (SELECT count(*) FROM bookings WHERE ${UNTOLD} AND status = 'CONFIRMED'
          AND redrive_count >= $3) AS unticketed
     FROM bookings WHERE status IN ('PAYMENT_PENDING', 'PAYMENT_PROCESSING')`,
    [OVERDUE_SECONDS, UNSENT_SECONDS, TOLD_AGAIN],
  );
  const [counts] = rows;
  if (!counts) throw new Error("the database counted nothing");
  return counts;
};
