import {
  deadLetterExchange,
  deadLetterQueueOf,
  exchanges,
  paymentRetryQueues,
  queues,
  type QueueName,
} from "@jatra/contracts/topology.ts";

/** What RabbitMQ's `POST /api/definitions/<vhost>` takes. */
export type Definitions = Readonly<
  Record<"exchanges" | "queues" | "bindings" | "policies", readonly object[]>
>;

/**
 * The contract's topology as the operator declares it: durable topics, quorum queues with a dead-letter queue each, everything
 * else by policy.
 */
export const topologyDefinitions = (): Definitions => {
  const names = Object.keys(queues).filter(isQueueName);
  const deadLetterQueues = names.map(deadLetterQueueOf);
  const retryQueues = paymentRetryQueues.map((queue) => queue.name);
  return {
    exchanges: [
      ...exchanges.map((name) => exchange(name, "topic")),
      exchange(deadLetterExchange, "direct"),
    ],
    queues: [...names, ...deadLetterQueues, ...retryQueues].map(quorumQueue),
    bindings: [
      ...names.flatMap((name) =>
        queues[name].routingKeys.map((key) => binding(queues[name].exchange, name, key)),
      ),
      ...names.map((name) => binding(deadLetterExchange, deadLetterQueueOf(name), name)),
    ],
    policies: [
      ...names.map((name) => policy(name, deadLettering(deadLetterExchange, name))),
      ...paymentRetryQueues.map(({ name, delayMs }) =>
        policy(name, {
          ...deadLettering("booking.exchange", "payment.process"),
          "message-ttl": delayMs,
        }),
      ),
    ],
  };
};

const isQueueName = (name: string): name is QueueName => name in queues;

const exchange = (name: string, type: "topic" | "direct"): object => ({
  name,
  type,
  durable: true,
  auto_delete: false,
  internal: false,
  arguments: {},
});

const quorumQueue = (name: string): object => ({
  name,
  durable: true,
  auto_delete: false,
  arguments: { "x-queue-type": "quorum" },
});

const binding = (source: string, destination: string, routingKey: string): object => ({
  source,
  destination,
  destination_type: "queue",
  routing_key: routingKey,
  arguments: {},
});

const policy = (queue: string, definition: object): object => ({
  name: queue,
  pattern: `^${queue.replaceAll(".", "\\.")}$`,
  "apply-to": "queues",
  priority: 0,
  definition,
});

/** At least once: the default would lose a dead letter when the broker falls in between. */
const deadLettering = (exchangeName: string, routingKey: string): object => ({
  "dead-letter-exchange": exchangeName,
  "dead-letter-routing-key": routingKey,
  "dead-letter-strategy": "at-least-once",
  overflow: "reject-publish",
});
