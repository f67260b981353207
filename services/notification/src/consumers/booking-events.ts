import type { RabbitConnection, Subscription } from "@jatra/common/messaging/connection.ts";
import { bookingEventSchema } from "@jatra/contracts/messages/booking-event.ts";
import type { QueueName } from "@jatra/contracts/topology.ts";
import type { NotificationStore } from "../data/notification-store.ts";
import { composeBookingNotification } from "../domain/compose-notification.ts";

const queue = "notification.booking-events.queue" satisfies QueueName;
/** Twice what a transaction takes: while one commits, the next fills. */
const PREFETCH = 128;

/** Tells travellers of every end of a booking, once each. A message of another form throws and ends as a dead letter. */
export const consumeBookingEvents = (dependencies: {
  readonly rabbit: Pick<RabbitConnection, "consume">;
  readonly store: NotificationStore;
  readonly wakeSender: () => void;
}): Subscription =>
  dependencies.rabbit.consume({
    queue,
    prefetch: PREFETCH,
    handle: async ({ id, content }) => {
      const notification = composeBookingNotification(bookingEventSchema.parse(content));
      await dependencies.store.record({ queue, messageId: id }, notification);
      dependencies.wakeSender();
    },
  });
