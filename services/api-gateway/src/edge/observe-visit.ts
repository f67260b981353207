import { Counter } from "prom-client";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { oncePerRegistry } from "@jatra/common/metrics/once-per-registry.ts";
import type { Visit } from "./visit.ts";

/** As in the services: five times the promise for a booking's answer. */
const SLOW_MS = 1_000;

export const edgeMetrics = oncePerRegistry((registry) => ({
  rateLimited: new Counter({
    name: "gateway_rate_limited_total",
    help: "Requests over a limit, by the limit's name",
    labelNames: ["policy"],
    registers: [registry],
  }),
  rateLimitsAlone: new Counter({
    name: "gateway_rate_limits_alone_total",
    help: "Requests whose limits this pod counted by itself, since Redis was away or too slow",
    registers: [registry],
  }),
  clientAborts: new Counter({
    name: "gateway_client_aborts_total",
    help: "Clients that went away before their answer was complete",
    registers: [registry],
  }),
  upstreamFailures: new Counter({
    name: "gateway_upstream_failures_total",
    help: "Calls to services without an answer: unreachable, timed_out",
    labelNames: ["service", "kind"],
    registers: [registry],
  }),
}));

/** Times a visit and logs it if it failed on our side or was slow; everything else the metrics tell. */
export const createVisitObserver = (metrics: Metrics, logger: Logger): ((visit: Visit) => void) => {
  const { clientAborts } = edgeMetrics(metrics);
  return (visit) => {
    const { request, response } = visit;
    response.on("close", () => {
      const ms = performance.now() - visit.startedMs;
      if (!response.writableEnded) {
        clientAborts.inc();
        return;
      }
      if (visit.isHandedOver) return;
      const { route } = visit;
      const method = methodLabel(request.method);
      const status = response.statusCode;
      metrics.httpDuration.observe({ method, route, status }, ms / 1000);
      const isQuiet = status < 500 || visit.isTurnedAway;
      if (isQuiet && ms < SLOW_MS) return;
      const { requestId, service, failure } = visit;
      const fields = { requestId, method, route, status, service, failure, seconds: ms / 1000 };
      logger.warn(fields, status >= 500 ? "request failed" : "request was slow");
    });
  };
};

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Clients may make up methods; label values must not be theirs to make up. */
const methodLabel = (method: string | undefined): string =>
  method !== undefined && methods.has(method) ? method : "other";
