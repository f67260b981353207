import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { recordInbox } from "@jatra/common/outbox/record-inbox.ts";
import type { Channel } from "@jatra/contracts/http/notification.ts";
import type { UserRegistered } from "@jatra/contracts/messages/user-registered.ts";
import type pg from "pg";
import { v7 as uuidV7 } from "uuid";
import { channelsFor } from "../domain/channels.ts";
import type { ComposedNotification } from "../domain/compose-notification.ts";

/** The delivery of a message that leads to a notification. */
type Cause = { readonly queue: string; readonly messageId: string };

export type NotificationStore = {
  /** Once a message and once a (subject, kind); `contact` is kept beside it. */
  readonly record: (
    cause: Cause,
    notification: ComposedNotification,
    contact?: UserRegistered,
  ) => Promise<void>;
};

/** `available`: the channels with an outlet. */
export const createNotificationStore = (
  pool: pg.Pool,
  available: readonly Channel[],
): NotificationStore => ({
  record: (cause, notification, contact) =>
    inTransaction(pool, async (transaction) => {
      if (!(await recordInbox(transaction, cause))) return;
      if (contact) await upsertContact(transaction, contact);
      const id = await insertNotification(transaction, notification);
      if (id === undefined) return;
      await insertDeliveries(transaction, id, channelsFor(notification.kind, available));
    }),
});

const upsertContact = async (transaction: Queryable, contact: UserRegistered): Promise<void> => {
  await transaction.query({
    name: "contact-upsert",
    text: `INSERT INTO contacts (user_id, name, email, phone) VALUES ($1, $2, $3, $4)
           ON CONFLICT (user_id) DO UPDATE
           SET name = excluded.name, email = excluded.email, phone = excluded.phone`,
    values: [contact.userId, contact.name, contact.email, contact.phone],
  });
};

/** `undefined`: this kind was told of this subject before. */
const insertNotification = async (
  transaction: Queryable,
  notification: ComposedNotification,
): Promise<string | undefined> => {
  const { rows } = await transaction.query<{ id: string }>({
    name: "notification-insert",
    text: `INSERT INTO notifications (id, user_id, kind, subject_id, subject_version, booking_id,
                                      title, body, email, occurred_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT (subject_id, kind) DO NOTHING RETURNING id`,
    values: [
      uuidV7(),
      notification.userId,
      notification.kind,
      notification.subjectId,
      notification.subjectVersion,
      notification.bookingId,
      notification.title,
      notification.body,
      notification.email,
      notification.occurredAt,
    ],
  });
  return rows[0]?.id;
};

/** In the app a notification is delivered by being there; the others wait for the sender. */
const insertDeliveries = async (
  transaction: Queryable,
  id: string,
  channels: readonly Channel[],
): Promise<void> => {
  await transaction.query({
    name: "deliveries-insert",
    text: `INSERT INTO deliveries (notification_id, channel, status, delivered_at)
           SELECT $1, channel, CASE WHEN channel = 'in_app' THEN 'DELIVERED' ELSE 'PENDING' END,
                  CASE WHEN channel = 'in_app' THEN now() END
           FROM unnest($2::text[]) AS channel`,
    values: [id, channels],
  });
};
