import type { Logger } from "../logging/logger.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { createLink } from "./link.ts";
import { createPublisher, type OutgoingMessage } from "./publisher.ts";
import { rabbitMetrics } from "./rabbit-metrics.ts";
import type { ConsumeOptions } from "./deliver.ts";
import { createSubscription, type Subscription } from "./subscription.ts";

export type { OutgoingMessage } from "./publisher.ts";
export type { IncomingMessage } from "./parse-delivery.ts";
export type { ConsumeOptions } from "./deliver.ts";
export type { Subscription } from "./subscription.ts";

export type RabbitConnection = {
  /** Subscribes as soon as there is a connection and again whenever the consumer is lost. */
  readonly consume: (options: ConsumeOptions) => Subscription;
  /** Resolves on the broker's confirm; rejects with `PublishError` when unroutable, refused, late or disconnected. */
  readonly publish: (message: OutgoingMessage) => Promise<void>;
  /** Whether the connection stands just now. */
  readonly isReady: () => boolean;
  /** Takes no more messages, waits for the running handlers and the publishes, disconnects. */
  readonly close: () => Promise<void>;
};

/**
 * RabbitMQ for one process: connects in the background and stays connected, so a broker that is away fails readiness, not the start.
 * Publishes and consumers have channels of their own, so that an error of one doesn't end the other.
 */
export const connectRabbit = (options: {
  readonly url: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): RabbitConnection => {
  const metrics = rabbitMetrics(options.metrics);
  const dependencies = { logger: options.logger, metrics };
  const link = createLink({ url: options.url, ...dependencies });
  const publisher = createPublisher({ link, ...dependencies });
  const subscriptions = new Set<Subscription>();
  return {
    consume: (consume) => {
      const subscription = createSubscription(consume, { link, ...dependencies });
      subscriptions.add(subscription);
      return subscription;
    },
    publish: publisher.publish,
    isReady: () => link.current() !== undefined,
    close: async () => {
      // Handlers publish, so the publisher outlives them.
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await publisher.close();
      await link.close();
    },
  };
};
