import type { Queryable } from "@jatra/common/database/queryable.ts";
import { z } from "zod";

/** An IPN on its way to a merchant. */
export type Notification = {
  readonly notificationId: number;
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
};

export type NotificationStore = {
  /** Takes due ones and postpones each (1, 2, 4 … 15 s), in case the process dies with them. */
  readonly lease: (limit: number) => Promise<Notification[]>;
  readonly remove: (notificationId: number) => Promise<void>;
  readonly removeHopeless: (attemptsMax: number) => Promise<number>;
};

/** IPNs that wait for their merchant to take them. */
export const createNotificationStore = (database: Queryable): NotificationStore => ({
  lease: async (limit) => {
    const { rows } = await database.query({
      name: "notifications-lease",
      text: `WITH due AS MATERIALIZED (
               SELECT notification_id FROM notifications WHERE due_at <= now()
               ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
             UPDATE notifications n SET attempts = attempts + 1,
                    due_at = now() + least(2 ^ n.attempts, 15) * interval '1 second'
             FROM due WHERE n.notification_id = due.notification_id
             RETURNING n.notification_id AS "notificationId", n.url, n.form`,
      values: [limit],
    });
    return rows.map((row) => rowSchema.parse(row));
  },
  remove: async (notificationId) => {
    await database.query("DELETE FROM notifications WHERE notification_id = $1", [notificationId]);
  },
  removeHopeless: async (attemptsMax) => {
    const { rowCount } = await database.query("DELETE FROM notifications WHERE attempts >= $1", [
      attemptsMax,
    ]);
    return rowCount ?? 0;
  },
});

/** In the transaction of what it tells of. */
export const addNotification = async (
  tx: Queryable,
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<void> => {
  await tx.query("INSERT INTO notifications (url, form) VALUES ($1, $2)", [
    url,
    JSON.stringify(form),
  ]);
};

const rowSchema = z.object({
  notificationId: z.number(),
  url: z.string(),
  form: z.record(z.string(), z.string()),
});
