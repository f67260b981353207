import type { ConsumeMessage } from "amqplib";
import type { Logger } from "../logging/logger.ts";
import type { Acknowledger } from "./create-acknowledger.ts";
import { handleWithRetries } from "./handle-with-retries.ts";
import { parseDelivery, type IncomingMessage } from "./parse-delivery.ts";
import type { RabbitMetrics } from "./rabbit-metrics.ts";

export type ConsumeOptions = {
  readonly queue: string;
  /** Messages handled at a time by this process. */
  readonly prefetch: number;
  /** Resolves: acknowledged. Throws: tried again a few times, then dead-lettered. */
  readonly handle: (message: IncomingMessage) => Promise<void>;
};

/** Runs one delivery to its end: acknowledged, dead-lettered, or given back because the process stops. */
export const deliver = async (
  answers: Acknowledger,
  delivery: ConsumeMessage,
  { queue, handle }: ConsumeOptions,
  dependencies: {
    readonly logger: Logger;
    readonly metrics: RabbitMetrics;
    readonly stop: AbortSignal;
  },
): Promise<void> => {
  const { logger, metrics, stop } = dependencies;
  const count = (outcome: string): void => metrics.consumed.inc({ queue, outcome });
  answers.delivered(delivery);
  const message = parseDelivery(delivery);
  if (!message) {
    const messageId: unknown = delivery.properties.messageId;
    logger.error({ messageId }, "message malformed, dead-lettered");
    answers.deadLetter(delivery);
    count("malformed");
    return;
  }
  const fields = { messageId: message.id, type: message.type, requestId: message.requestId };
  const outcome = await handleWithRetries({
    handle: () => handle(message),
    onRetry: (error, attempt) => {
      count("retried");
      logger.warn({ ...fields, err: error, attempt }, "message failed, trying again");
    },
    stop,
  });
  if (outcome.kind === "handled") {
    answers.ack(delivery);
    count("acked");
  } else if (outcome.kind === "stopped") {
    answers.giveBack(delivery);
    count("returned");
  } else {
    logger.error({ ...fields, err: outcome.error }, "message failed for good, dead-lettered");
    answers.deadLetter(delivery);
    count("dead_lettered");
  }
};
