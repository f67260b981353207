/**
 * What the services rely on in RabbitMQ. The operator declares it from its own table
 * (`operator/src/desired/rabbitmq`); a test in e2e holds the two equal.
 */
export const exchanges = [
  "booking.exchange",
  "payment.exchange",
  "ticket.exchange",
  "schedule.exchange",
  "seat.exchange",
  "user.exchange",
] as const;
export type ExchangeName = (typeof exchanges)[number];

/** Direct; routing key is the name of the queue that the message died in. */
export const deadLetterExchange = "dead-letter.exchange";

type QueueDefinition = { exchange: ExchangeName; routingKeys: readonly string[] };

export const queues = {
  "payment.processing.queue": { exchange: "booking.exchange", routingKeys: ["payment.process"] },
  "seat.booking-events.queue": { exchange: "booking.exchange", routingKeys: ["booking.#"] },
  "ticket.booking-events.queue": { exchange: "booking.exchange", routingKeys: ["booking.#"] },
  "notification.booking-events.queue": {
    exchange: "booking.exchange",
    routingKeys: ["booking.#"],
  },
  "reporting.booking-events.queue": { exchange: "booking.exchange", routingKeys: ["booking.#"] },
  "booking.payment-events.queue": {
    exchange: "payment.exchange",
    routingKeys: [
      "payment.captured",
      "payment.failed",
      "payment.refunded",
      "payment.refund_failed",
    ],
  },
  "booking.ticket-events.queue": { exchange: "ticket.exchange", routingKeys: ["ticket.issued"] },
  "search.journey-events.queue": {
    exchange: "schedule.exchange",
    routingKeys: ["journey.published"],
  },
  "search.seat-events.queue": { exchange: "seat.exchange", routingKeys: ["seats.changed"] },
  "user.registration-events.queue": {
    exchange: "user.exchange",
    routingKeys: ["user.registered"],
  },
  "notification.registration-events.queue": {
    exchange: "user.exchange",
    routingKeys: ["user.registered"],
  },
} as const satisfies Record<string, QueueDefinition>;
export type QueueName = keyof typeof queues;

/** `payment.processing.queue` → `payment.processing.dead-letter.queue`. */
export const deadLetterQueueOf = (queue: QueueName): string =>
  queue.replace(/\.queue$/, ".dead-letter.queue");

/**
 * Where a payment delivery waits before its next try; index = retryCount - 1. Growing, and all three together
 * (65 s) end well before the default payment deadline.
 */
export const paymentRetryQueues = [
  { name: "payment.retry-5s.queue", delayMs: 5_000 },
  { name: "payment.retry-15s.queue", delayMs: 15_000 },
  { name: "payment.retry-45s.queue", delayMs: 45_000 },
] as const;
