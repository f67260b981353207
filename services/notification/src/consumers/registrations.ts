import type { RabbitConnection, Subscription } from "@jatra/common/messaging/connection.ts";
import { userRegisteredSchema } from "@jatra/contracts/messages/user-registered.ts";
import type { QueueName } from "@jatra/contracts/topology.ts";
import type { NotificationStore } from "../data/notification-store.ts";
import { composeWelcome } from "../domain/compose-notification.ts";

const queue = "notification.registration-events.queue" satisfies QueueName;
/** Twice what a transaction takes: while one commits, the next fills. */
const PREFETCH = 128;

/** Welcomes a new user and keeps where they can be reached. */
export const consumeRegistrations = (dependencies: {
  readonly rabbit: Pick<RabbitConnection, "consume">;
  readonly store: NotificationStore;
  readonly wakeSender: () => void;
}): Subscription =>
  dependencies.rabbit.consume({
    queue,
    prefetch: PREFETCH,
    handle: async ({ id, content }) => {
      const user = userRegisteredSchema.parse(content);
      const welcome = composeWelcome(user, new Date());
      await dependencies.store.record({ queue, messageId: id }, welcome, user);
      dependencies.wakeSender();
    },
  });
