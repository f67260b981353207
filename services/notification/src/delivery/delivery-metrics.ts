import { oncePerRegistry } from "@jatra/common/metrics/once-per-registry.ts";
import { Counter } from "prom-client";

export const deliveryMetrics = oncePerRegistry((registry) => ({
  delivered: new Counter({
    name: "notification_deliveries_total",
    help: "Tries to hand a notification to the outlet, by channel and outcome: delivered, retried, failed",
    labelNames: ["channel", "outcome"],
    registers: [registry],
  }),
}));
