import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

export type Metrics = {
  readonly registry: Registry;
  readonly httpDuration: Histogram<"method" | "route" | "status">;
};

/** A registry of its own a process (and a test), with Node's metrics and the one of HTTP. */
export const createMetrics = (service: string): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const httpDuration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from the request's arrival to the end of its answer",
    labelNames: ["method", "route", "status"],
    // From a cache hit to the gateway's patience.
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return { registry, httpDuration };
};
