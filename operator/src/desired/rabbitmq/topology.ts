/**
 * What messages travel through (docs/architecture.md, "Messages"). The services hold the same
 * table in their contracts; a test keeps the two equal.
 */
export interface Topology {
  readonly exchanges: readonly Exchange[];
  readonly queues: readonly Queue[];
  readonly bindings: readonly Binding[];
  readonly policies: readonly Policy[];
}

export interface Exchange {
  readonly name: string;
  readonly type: "topic" | "direct";
}

/** All queues are durable quorum queues: the type is their only argument. */
export interface Queue {
  readonly name: string;
}

export interface Binding {
  readonly exchange: string;
  readonly queue: string;
  readonly routingKey: string;
}

export interface Policy {
  readonly name: string;
  readonly pattern: string;
  readonly applyTo: "quorum_queues";
  readonly definition: Readonly<Record<string, string | number>>;
}

/** Exchange, queue, and the routing keys that lead from one to the other. */
const ROUTES: readonly (readonly [exchange: string, queue: string, keys: readonly string[]])[] = [
  ["booking.exchange", "payment.processing.queue", ["payment.process"]],
  ["booking.exchange", "seat.booking-events.queue", ["booking.#"]],
  ["booking.exchange", "ticket.booking-events.queue", ["booking.#"]],
  ["booking.exchange", "notification.booking-events.queue", ["booking.#"]],
  ["booking.exchange", "reporting.booking-events.queue", ["booking.#"]],
  [
    "payment.exchange",
    "booking.payment-events.queue",
    ["payment.captured", "payment.failed", "payment.refunded", "payment.refund_failed"],
  ],
  ["ticket.exchange", "booking.ticket-events.queue", ["ticket.issued"]],
  ["schedule.exchange", "search.journey-events.queue", ["journey.published"]],
  ["seat.exchange", "search.seat-events.queue", ["seats.changed"]],
  ["user.exchange", "user.registration-events.queue", ["user.registered"]],
  ["user.exchange", "notification.registration-events.queue", ["user.registered"]],
];

/** Waiting rooms for payment delivery: after their time, messages go back to the worker. */
const RETRY_SECONDS = [5, 15, 45];

const DEAD_LETTER_EXCHANGE = "dead-letter.exchange";

/** A consumer that crashes on a message gets it four times more; then it is put aside. */
const DELIVERY_LIMIT = 5;
/** Dead letters are for people. A flood of them stops at the source instead of filling the disk. */
const DEAD_LETTERS_MAX = 100_000;

/**
 * Dead-lettering that waits for the target's confirm; the default may lose messages. It only
 * works with rejected publishes.
 */
const AT_LEAST_ONCE = {
  "dead-letter-strategy": "at-least-once",
  overflow: "reject-publish",
} as const;

/** The complete topology. Everything beside a queue's type is a policy, so that it can change. */
export function topology(): Topology {
  const queues = ROUTES.map(([, queue]) => queue);
  const retryQueues = RETRY_SECONDS.map((seconds) => `payment.retry-${seconds}s.queue`);
  return {
    exchanges: [
      ...[...new Set(ROUTES.map(([exchange]) => exchange))].map(
        (name) => ({ name, type: "topic" }) as const,
      ),
      { name: DEAD_LETTER_EXCHANGE, type: "direct" },
    ],
    queues: [...queues, ...queues.map(deadLetterQueueOf), ...retryQueues].map((name) => ({ name })),
    bindings: [
      ...ROUTES.flatMap(([exchange, queue, keys]) =>
        keys.map((routingKey) => ({ exchange, queue, routingKey })),
      ),
      ...queues.map((queue) => ({
        exchange: DEAD_LETTER_EXCHANGE,
        queue: deadLetterQueueOf(queue),
        routingKey: queue,
      })),
    ],
    policies: [
      ...queues.map(consumedPolicy),
      ...RETRY_SECONDS.map(retryPolicy),
      deadLetterPolicy(),
    ],
  };
}

/** `<name>.queue` puts its dead letters into `<name>.dead-letter.queue`. */
export function deadLetterQueueOf(queue: string): string {
  return queue.replace(/\.queue$/, ".dead-letter.queue");
}

function consumedPolicy(queue: string): Policy {
  return {
    name: `jatra-${queue}`,
    pattern: exactly(queue),
    applyTo: "quorum_queues",
    definition: {
      ...AT_LEAST_ONCE,
      "dead-letter-exchange": DEAD_LETTER_EXCHANGE,
      "dead-letter-routing-key": queue,
      "delivery-limit": DELIVERY_LIMIT,
    },
  };
}

function retryPolicy(seconds: number): Policy {
  return {
    name: `jatra-payment.retry-${seconds}s`,
    pattern: exactly(`payment.retry-${seconds}s.queue`),
    applyTo: "quorum_queues",
    definition: {
      ...AT_LEAST_ONCE,
      "dead-letter-exchange": "booking.exchange",
      "dead-letter-routing-key": "payment.process",
      "message-ttl": seconds * 1000,
    },
  };
}

function deadLetterPolicy(): Policy {
  return {
    name: "jatra-dead-letters",
    pattern: String.raw`\.dead-letter\.queue$`,
    applyTo: "quorum_queues",
    definition: { "max-length": DEAD_LETTERS_MAX, overflow: "reject-publish" },
  };
}

function exactly(queue: string): string {
  return `^${queue.replaceAll(".", String.raw`\.`)}$`;
}
