import { oncePerRegistry } from "@jatra/common/metrics/once-per-registry.ts";
import { Counter, Gauge, Histogram } from "prom-client";

/** The service's own metrics; the alerts on them are in the chart. */
export const paymentMetrics = oncePerRegistry((registry) => ({
  settled: new Counter({
    name: "payments_settled_total",
    help: "Payments that ended, by outcome and by what brought the news (reply, webhook, poll, ledger)",
    labelNames: ["outcome", "source"],
    registers: [registry],
  }),
  discrepancies: new Counter({
    name: "payment_discrepancies_total",
    help: "What the provider said and our books contradict; anything above zero needs a person",
    labelNames: ["discrepancy"],
    registers: [registry],
  }),
  openFindings: new Gauge({
    name: "payment_ledger_findings_open",
    help: "Entries of the provider's ledger that our books can't explain",
    registers: [registry],
  }),
  providerCalls: new Histogram({
    name: "payment_provider_call_seconds",
    help: "Calls to the provider by operation and outcome",
    labelNames: ["operation", "outcome"],
    // From a local answer to the call's time limit.
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  }),
  processing: new Histogram({
    name: "payment_processing_seconds",
    help: "From the recorded intent to the end of the payment",
    labelNames: ["outcome"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers: [registry],
  }),
  refunds: new Counter({
    name: "payment_refunds_total",
    help: "Refunds that ended, by outcome",
    labelNames: ["outcome"],
    registers: [registry],
  }),
}));
export type PaymentMetrics = ReturnType<typeof paymentMetrics>;
