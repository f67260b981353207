import type pg from "pg";
import { deleteInBatches } from "../database/delete-in-batches.ts";

/** Long enough to look into what happened today, short enough to keep the table small at 100 bookings a second. */
const KEEP_HOURS = 6;

/** Deletes what was published hours ago; answers how many rows. Safe with any number running. */
export const sweepOutbox = ({ pool }: { readonly pool: pg.Pool }): Promise<number> =>
  deleteInBatches(
    pool,
    `DELETE FROM outbox WHERE id IN (
       SELECT id FROM outbox WHERE published_at < now() - make_interval(hours => $2)
       LIMIT $1 FOR UPDATE SKIP LOCKED)`,
    KEEP_HOURS,
  );
