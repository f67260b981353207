import type pg from "pg";
import type { DeliveryStore, DueDelivery } from "../domain/deliver-due.ts";

/** Deliveries that leave the platform, leased by column: the outlet may take seconds. */
export const createDeliveryStore = (pool: pg.Pool): DeliveryStore => ({
  leaseDue: async (limit, leaseSeconds) => {
    const { rows } = await pool.query<DueDelivery>({
      name: "deliveries-lease",
      text: leaseText,
      values: [limit, leaseSeconds],
    });
    return rows;
  },
  end: async ({ notificationId, channel }, end) => {
    await pool.query({
      name: "deliveries-end",
      text: `UPDATE deliveries
             SET status = $3, last_error = $4, locked_until = now() + make_interval(secs => $5),
                 delivered_at = CASE WHEN $3 = 'DELIVERED' THEN now() END
             WHERE notification_id = $1 AND channel = $2 AND status = 'PENDING'`,
      values: [
        notificationId,
        channel,
        end.status,
        "reason" in end ? end.reason : null,
        "pauseSeconds" in end ? end.pauseSeconds : 0,
      ],
    });
  },
});

const leaseText = `
  WITH due AS MATERIALIZED (
    SELECT notification_id, channel FROM deliveries
    WHERE status = 'PENDING' AND locked_until <= now()
    ORDER BY locked_until LIMIT $1 FOR UPDATE SKIP LOCKED)
  UPDATE deliveries d
  SET locked_until = now() + make_interval(secs => $2), attempts = attempts + 1
  FROM due JOIN notifications n ON n.id = due.notification_id
           LEFT JOIN contacts c ON c.user_id = n.user_id
  WHERE d.notification_id = due.notification_id AND d.channel = due.channel
  RETURNING d.notification_id AS "notificationId", d.channel, d.attempts,
            CASE d.channel WHEN 'sms' THEN c.phone ELSE n.email END AS "to",
            n.title AS subject, n.body AS text,
            EXISTS (SELECT 1 FROM notifications newer WHERE newer.subject_id = n.subject_id
                    AND newer.subject_version > n.subject_version) AS outdated`;
