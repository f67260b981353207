import type { ChannelModel, ConfirmChannel, Options } from "amqplib";
import { requestIdHeader } from "@jatra/contracts/identity.ts";
import type { Logger } from "../logging/logger.ts";
import { inTime } from "../service/in-time.ts";
import type { Link } from "./link.ts";
import { PublishError } from "./publish-error.ts";
import type { RabbitMetrics } from "./rabbit-metrics.ts";

/** `content` becomes JSON; bytes are JSON already. Exchange "" is the default one: the routing key is then a queue's name. */
export type OutgoingMessage = {
  readonly exchange: string;
  readonly routingKey: string;
  readonly messageId: string;
  readonly type: string;
  readonly requestId: string;
  readonly content: unknown;
};

export type Publisher = {
  readonly publish: (message: OutgoingMessage) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Quorum queues confirm in some hundred ms at worst; a broker over its memory limit never does. */
const CONFIRM_TIMEOUT_MS = 10_000;
/** Tells apart two publishes of one message id on a channel when one of them is returned. */
const PUBLICATION_HEADER = "x-publication";

/**
 * Publishes over one confirm channel, opened at the first message and again after it was closed. Resolves when the broker has taken
 * the message into a queue; unroutable messages are confirmed too, so they are sent `mandatory` and their return is remembered until
 * the confirm that follows it. Rejects with `PublishError`.
 */
export const createPublisher = (options: {
  readonly link: Link;
  readonly logger: Logger;
  readonly metrics: RabbitMetrics;
}): Publisher => {
  let opened: { model: ChannelModel; channel: Promise<PublishChannel> } | undefined;

  const channelOf = async (model: ChannelModel): Promise<PublishChannel> => {
    if (opened?.model === model) return opened.channel;
    const forget = (): void => {
      if (opened?.model === model) opened = undefined;
    };
    const channel = openChannel(model, options.logger, forget);
    opened = { model, channel };
    channel.catch(forget);
    return channel;
  };

  const send = async (message: OutgoingMessage): Promise<void> => {
    const model = options.link.current();
    if (!model) throw new PublishError("disconnected", "There is no connection to RabbitMQ.");
    const channel = await channelOf(model).catch((cause: unknown) => {
      throw new PublishError("disconnected", "No channel could be opened.", { cause });
    });
    await inTime(
      channel.send(message),
      CONFIRM_TIMEOUT_MS,
      () => new PublishError("timeout", `No confirm within ${CONFIRM_TIMEOUT_MS} ms.`),
    );
  };

  return {
    publish: async (message) => {
      const count = (outcome: string): void =>
        options.metrics.published.inc({ exchange: message.exchange, outcome });
      try {
        await send(message);
        count("confirmed");
      } catch (error) {
        count(error instanceof PublishError ? error.failure : "disconnected");
        throw error;
      }
    },
    close: async () => {
      const channel = await opened?.channel.catch(() => undefined);
      await channel?.close();
    },
  };
};

type PublishChannel = {
  readonly send: (message: OutgoingMessage) => Promise<void>;
  readonly close: () => Promise<void>;
};

const openChannel = async (
  model: ChannelModel,
  logger: Logger,
  onClosed: () => void,
): Promise<PublishChannel> => {
  const channel = await model.createConfirmChannel();
  const returned = new Set<number>();
  let publications = 0;
  channel.on("error", (error) => logger.warn({ err: error }, "publish channel failed"));
  channel.on("close", onClosed);
  // The broker sends the return before the confirm of the same message.
  channel.on("return", (message) =>
    returned.add(Number(message.properties.headers?.[PUBLICATION_HEADER])),
  );
  return {
    send: async (message) => {
      publications += 1;
      const publication = publications;
      await confirmed(channel, message, publication);
      if (returned.delete(publication)) {
        throw new PublishError("unroutable", `No queue takes ${message.routingKey}.`);
      }
    },
    close: async () => {
      await channel.close().catch(() => undefined);
    },
  };
};

const confirmed = (
  channel: ConfirmChannel,
  message: OutgoingMessage,
  publication: number,
): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const properties: Options.Publish = {
    mandatory: true,
    persistent: true,
    contentType: "application/json",
    messageId: message.messageId,
    type: message.type,
    timestamp: Math.floor(Date.now() / 1000),
    headers: { [requestIdHeader]: message.requestId, [PUBLICATION_HEADER]: publication },
  };
  const { content } = message;
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  const settle = (error: unknown): void => (error ? reject(refusal(error)) : resolve());
  try {
    // `false` only says that the socket's buffer is full; the confirm still comes.
    channel.publish(message.exchange, message.routingKey, bytes, properties, settle);
  } catch (cause) {
    reject(new PublishError("disconnected", "The channel was closed.", { cause }));
  }
  return promise;
};

/** amqplib says «message nacked» for the broker's no and «channel closed» for what nobody knows the end of. */
const refusal = (cause: unknown): PublishError =>
  cause instanceof Error && cause.message === "message nacked"
    ? new PublishError("nacked", "The broker refused the message.", { cause })
    : new PublishError("disconnected", "The channel closed before the confirm.", { cause });
