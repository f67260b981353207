import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import type { Logger } from "../logging/logger.ts";
import { backoffMs } from "./backoff.ts";
import { createAcknowledger, type Acknowledger } from "./create-acknowledger.ts";
import { deliver, type ConsumeOptions } from "./deliver.ts";
import type { Link } from "./link.ts";
import type { RabbitMetrics } from "./rabbit-metrics.ts";

/** `stop` takes no more messages and waits for the running handlers. */
export type Subscription = { readonly stop: () => Promise<void> };

/** A queue that isn't declared yet, or was deleted, is asked for again at this pace. */
const RESUBSCRIBE = { firstMs: 200, maxMs: 5_000 } as const;
/** Running handlers get this long at the end; below the process's own 20 s. */
const DRAIN_TIMEOUT_MS = 15_000;

/**
 * Keeps one consumer on one queue for as long as the process lives: again after a new connection, after a channel error and after the
 * broker cancelled it (`null` instead of a message), the two of which leave a connection that looks healthy.
 */
export const createSubscription = (
  consume: ConsumeOptions,
  dependencies: {
    readonly link: Link;
    readonly logger: Logger;
    readonly metrics: RabbitMetrics;
  },
): Subscription => {
  const { link, metrics } = dependencies;
  const logger = dependencies.logger.child({ queue: consume.queue });
  const stopping = new AbortController();
  const lostChannel = (error: unknown): void =>
    logger.error({ err: error }, "delivery lost its channel");
  const running = trackHandlers(lostChannel);
  let live: Consumer | undefined;
  let attempt = 0;
  let timer: NodeJS.Timeout | undefined;
  const gauge = metrics.consumers;
  const delivering = { logger, metrics, stop: stopping.signal };
  gauge.set({ queue: consume.queue }, 0);

  const again = (model: ChannelModel): void => {
    // A lost connection comes back through `onUp`.
    if (stopping.signal.aborted || link.current() !== model) return;
    attempt += 1;
    clearTimeout(timer);
    timer = setTimeout(() => subscribe(model), backoffMs(attempt, RESUBSCRIBE));
  };

  const subscribe = (model: ChannelModel): void => {
    if (stopping.signal.aborted || link.current() !== model) return;
    open(model).catch((error: unknown) => {
      logger.warn({ err: error, attempt }, "no consumer, trying again");
      again(model);
    });
  };

  const open = async (model: ChannelModel): Promise<void> => {
    const opened = await openConsumer(model, consume, {
      onDelivery: (answers, delivery) =>
        running.track(deliver(answers, delivery, consume, delivering)),
      onAckFailed: lostChannel,
      onLost: (channel, error) => {
        if (live?.channel !== channel) return;
        live = undefined;
        gauge.set({ queue: consume.queue }, 0);
        if (!stopping.signal.aborted) logger.warn({ err: error }, "consumer lost");
        again(model);
      },
    });
    live = opened;
    attempt = 0;
    gauge.set({ queue: consume.queue }, 1);
    if (stopping.signal.aborted) await opened.channel.cancel(opened.consumerTag);
  };

  link.onUp((model) => {
    attempt = 0;
    clearTimeout(timer);
    subscribe(model);
  });

  return {
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      const last = live;
      await last?.channel.cancel(last.consumerTag).catch(() => undefined);
      await running.drained();
      last?.answers.flush();
      await last?.channel.close().catch(() => undefined);
      gauge.set({ queue: consume.queue }, 0);
    },
  };
};

type Consumer = {
  readonly channel: Channel;
  readonly consumerTag: string;
  readonly answers: Acknowledger;
};

/** A channel of its own with one consumer; `onLost` is called once it has closed, whatever closed it. */
const openConsumer = async (
  model: ChannelModel,
  { queue, prefetch }: ConsumeOptions,
  events: {
    readonly onDelivery: (answers: Acknowledger, delivery: ConsumeMessage) => void;
    readonly onAckFailed: (error: unknown) => void;
    readonly onLost: (channel: Channel, error: Error | undefined) => void;
  },
): Promise<Consumer> => {
  const channel = await model.createChannel();
  let failed: Error | undefined;
  channel.on("error", (error) => (failed = error));
  channel.on("close", () => events.onLost(channel, failed));
  const answers = createAcknowledger(channel, events.onAckFailed);
  await channel.prefetch(prefetch);
  const { consumerTag } = await channel.consume(queue, (delivery) => {
    if (delivery) events.onDelivery(answers, delivery);
    // Cancelled by the broker, for instance because the queue was deleted.
    else channel.close().catch(() => undefined);
  });
  return { channel, consumerTag, answers };
};

/** The handlers that are under way. `onError`: what one of them threw. */
const trackHandlers = (onError: (error: unknown) => void) => {
  const running = new Set<Promise<void>>();
  return {
    track: (handling: Promise<void>): void => {
      const tracked = handling.catch(onError).finally(() => running.delete(tracked));
      running.add(tracked);
    },
    /** Resolves once all have ended, or when their time is over. */
    drained: async (): Promise<void> => {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, DRAIN_TIMEOUT_MS);
      await Promise.race([Promise.all(running), late]);
      clearTimeout(timer);
    },
  };
};
