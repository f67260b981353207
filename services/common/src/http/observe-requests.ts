import type { Request, RequestHandler } from "express";
import { requestIdHeader } from "@jatra/contracts/identity.ts";
import type { Logger } from "../logging/logger.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { requestIdOf } from "./request-id.ts";

/** Requests slower than this get a log line: five times the promise for a booking's answer. */
const SLOW_SECONDS = 1;
const quiet = new Set(["/health", "/health/live", "/health/ready", "/metrics"]);

/** Times every request; logs only what failed on our side or was slow (the metrics tell the rest). */
export const observeRequests =
  (metrics: Metrics, logger: Logger): RequestHandler =>
  (request, response, next) => {
    const requestId = requestIdOf(request);
    response.set(requestIdHeader, requestId);
    const started = process.hrtime.bigint();
    response.on("finish", () => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      const status = response.statusCode;
      const route = routeOf(request);
      metrics.httpDuration.observe({ method: request.method, route, status }, seconds);
      if (quiet.has(request.path) || (status < 500 && seconds < SLOW_SECONDS)) return;
      const fields = { requestId, method: request.method, route, status, seconds };
      logger.warn(fields, status >= 500 ? "request failed" : "request was slow");
    });
    next();
  };

/** The pattern, not the path: ids in labels would make a time series each. */
const routeOf = (request: Request): string => {
  const route: unknown = request.route;
  if (typeof route === "object" && route !== null && "path" in route) return String(route.path);
  return "none";
};
