import { Counter, Gauge } from "prom-client";
import { oncePerRegistry } from "@jatra/common/metrics/once-per-registry.ts";

/** The names are what the guide's alert rule and the dashboards look for. */
export const circuitMetrics = oncePerRegistry((registry) => ({
  state: new Gauge({
    name: "circuit_breaker_state",
    help: "1 for the state that the circuit is in, 0 for the other two",
    labelNames: ["service", "state"],
    registers: [registry],
  }),
  transitions: new Counter({
    name: "circuit_breaker_transitions_total",
    help: "Changes of state by the new one",
    labelNames: ["service", "to"],
    registers: [registry],
  }),
  rejections: new Counter({
    name: "circuit_breaker_rejections_total",
    help: "Requests that were answered 503 without asking the service",
    labelNames: ["service"],
    registers: [registry],
  }),
}));
