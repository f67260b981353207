import { deleteInBatches } from "@jatra/common/database/delete-in-batches.ts";
import type pg from "pg";

/** Half a year: journeys are long over, and refunds with them. */
const KEEP_DAYS = 180;

/** Deletes old notifications with their deliveries; answers how many. Safe with any number running. */
export const sweepNotifications = ({ pool }: { readonly pool: pg.Pool }): Promise<number> =>
  deleteInBatches(
    pool,
    `DELETE FROM notifications WHERE id IN (
       SELECT id FROM notifications WHERE created_at < now() - make_interval(days => $2)
       LIMIT $1 FOR UPDATE SKIP LOCKED)`,
    KEEP_DAYS,
  );
