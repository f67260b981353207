import { Counter, Gauge } from "prom-client";
import { oncePerRegistry } from "../metrics/once-per-registry.ts";

/** A process has one set, whatever the number of its connections. */
export const rabbitMetrics = oncePerRegistry((registry) => ({
  connected: new Gauge({
    name: "rabbitmq_connected",
    help: "1 while the connection to RabbitMQ stands",
    registers: [registry],
  }),
  /** Alerts at 0: a worker whose consumer was cancelled looks alive in every other way. */
  consumers: new Gauge({
    name: "rabbitmq_consumers",
    help: "Live consumers of this process by queue; 0 means that nobody here reads it",
    labelNames: ["queue"],
    registers: [registry],
  }),
  published: new Counter({
    name: "rabbitmq_published_total",
    help: "Messages by exchange and outcome: confirmed, unroutable, nacked, timeout, disconnected",
    labelNames: ["exchange", "outcome"],
    registers: [registry],
  }),
  consumed: new Counter({
    name: "rabbitmq_consumed_total",
    help: "Deliveries by queue and outcome: acked, retried, malformed, dead_lettered, returned",
    labelNames: ["queue", "outcome"],
    registers: [registry],
  }),
}));
export type RabbitMetrics = ReturnType<typeof rabbitMetrics>;
