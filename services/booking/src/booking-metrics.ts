import { oncePerRegistry } from "@jatra/common/metrics/once-per-registry.ts";
import { Counter, Gauge } from "prom-client";

/** The service's own metrics; the alerts on them are in the chart. */
export const bookingMetrics = oncePerRegistry((registry) => ({
  deliveries: new Counter({
    name: "booking_payment_deliveries_total",
    help: "Payments handed to payment-service by outcome: delivered, ended, refused, retried, given_up",
    labelNames: ["outcome"],
    registers: [registry],
  }),
  paymentEvents: new Counter({
    name: "booking_payment_events_total",
    help: "Events of payment-service by type and effect: changed, repeated, mismatched (needs a person)",
    labelNames: ["type", "effect"],
    registers: [registry],
  }),
  live: new Gauge({
    name: "booking_live",
    help: "Bookings whose payment has not ended, of the whole service",
    registers: [registry],
  }),
  refundsFailed: new Gauge({
    name: "booking_refunds_failed",
    help: "Refunds that payment-service gave up: a person must pay them out",
    registers: [registry],
  }),
}));
