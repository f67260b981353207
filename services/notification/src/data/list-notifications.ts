import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Notification } from "@jatra/contracts/http/notification.ts";

/** The sort key: when it happened (ISO 8601; all of them have milliseconds only), then the id. */
export type NotificationKey = readonly [occurredAt: string, id: string];
export type ListedNotification = { readonly view: Notification; readonly key: NotificationKey };

/** A user's notifications, the newest first, from after `before`. */
export const listNotificationsOf = async (
  database: Queryable,
  userId: string,
  before: NotificationKey | undefined,
  limit: number,
): Promise<ListedNotification[]> => {
  const { rows } = await database.query<Row>({
    name: "notifications-list",
    text: listText,
    values: [userId, before?.[0] ?? "infinity", before?.[1] ?? LAST_ID, limit],
  });
  return rows.map(({ occurredAt, deliveries, ...row }) => ({
    key: [occurredAt.toISOString(), row.notificationId],
    view: {
      ...row,
      at: occurredAt.toISOString(),
      deliveries: deliveries.map(({ deliveredAt, ...delivery }) => ({
        ...delivery,
        deliveredAt: deliveredAt === null ? null : new Date(deliveredAt).toISOString(),
      })),
    },
  }));
};

type Row = Omit<Notification, "at"> & { readonly occurredAt: Date };

const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

const listText = `
  SELECT n.id AS "notificationId", n.kind, n.title, n.body, n.booking_id AS "bookingId",
         n.occurred_at AS "occurredAt",
         (SELECT json_agg(json_build_object('channel', d.channel, 'status', d.status,
                                            'deliveredAt', d.delivered_at) ORDER BY d.channel)
          FROM deliveries d WHERE d.notification_id = n.id) AS deliveries
  FROM notifications n
  WHERE n.user_id = $1 AND (n.occurred_at, n.id) < ($2::timestamptz, $3::uuid)
  ORDER BY n.occurred_at DESC, n.id DESC LIMIT $4`;
