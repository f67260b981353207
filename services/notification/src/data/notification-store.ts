import { gathered } from "@jatra/common/database/gathered.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { shareTransactions } from "@jatra/common/database/share-transactions.ts";
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

/** Messages a transaction. Nobody looks for a notification within a tenth of a second. */
const LIMITS = { itemsMax: 64, runningMax: 1, gatherMs: 100 } as const;

/** `available`: the channels with an outlet. */
export const createNotificationStore = (
  pool: pg.Pool,
  available: readonly Channel[],
): NotificationStore => {
  const inSharedTransaction = shareTransactions(pool, LIMITS);
  return {
    record: (cause, notification, contact) =>
      inSharedTransaction(async (transaction) => {
        if (!(await recordInbox(transaction, cause))) return;
        if (contact) await upsertContact(transaction, contact);
        const id = await insertNotification(transaction, notification);
        if (id === undefined) return;
        const channels = channelsFor(notification.kind, available);
        await insertDeliveries(transaction, { id, channels });
      }),
  };
};

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
const insertNotification: (
  transaction: Queryable,
  notification: ComposedNotification,
) => Promise<string | undefined> = gathered(async (transaction, notifications) => {
  const ids = notifications.map(() => uuidV7());
  const { rows } = await transaction.query<{ id: string }>({
    name: "notification-insert",
    text: `INSERT INTO notifications (id, user_id, kind, subject_id, subject_version, booking_id,
                                      title, body, email, occurred_at)
           SELECT id, "userId", kind, "subjectId", "subjectVersion", "bookingId",
                  title, body, email, "occurredAt"
           FROM json_to_recordset($1::json) AS n (id uuid, "userId" text, kind text, "subjectId" text,
             "subjectVersion" integer, "bookingId" uuid, title text, body text, email text,
             "occurredAt" timestamptz)
           ORDER BY "subjectId", kind
           ON CONFLICT (subject_id, kind) DO NOTHING RETURNING id`,
    values: [JSON.stringify(notifications.map((one, index) => ({ ...one, id: ids[index] })))],
  });
  const written = new Set(rows.map(({ id }) => id));
  return ids.map((id) => (written.has(id) ? id : undefined));
});

type Told = { readonly id: string; readonly channels: readonly Channel[] };

/** In the app a notification is delivered by being there; the others wait for the sender. */
const insertDeliveries: (transaction: Queryable, told: Told) => Promise<void> = gathered(
  async (transaction, told) => {
    const deliveries = told.flatMap(({ id, channels }) =>
      channels.map((channel) => ({ id, channel })),
    );
    await transaction.query({
      name: "deliveries-insert",
      text: `INSERT INTO deliveries (notification_id, channel, status, delivered_at)
             SELECT id, channel, CASE WHEN channel = 'in_app' THEN 'DELIVERED' ELSE 'PENDING' END,
                    CASE WHEN channel = 'in_app' THEN now() END
             FROM unnest($1::uuid[], $2::text[]) AS told (id, channel)`,
      values: [deliveries.map(({ id }) => id), deliveries.map(({ channel }) => channel)],
    });
    return told.map(() => undefined);
  },
);
