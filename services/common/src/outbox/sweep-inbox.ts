import type pg from "pg";
import { deleteInBatches } from "../database/delete-in-batches.ts";

/** A dead-lettered message may be requeued by a person days later and must still be known. */
const KEEP_DAYS = 7;

/** Deletes what was received days ago; answers how many rows. Safe with any number running. */
export const sweepInbox = ({ pool }: { readonly pool: pg.Pool }): Promise<number> =>
  deleteInBatches(
    pool,
    `DELETE FROM inbox WHERE (queue, message_id) IN (
       SELECT queue, message_id FROM inbox WHERE received_at < now() - make_interval(days => $2)
       LIMIT $1 FOR UPDATE SKIP LOCKED)`,
    KEEP_DAYS,
  );
