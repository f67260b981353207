import type { Request, RequestHandler } from "express";
import type { Logger } from "../logging/logger.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { requestIdOf } from "./request-id.ts";

/** Requests slower than this get a log line: five times the promise for a booking's answer. */
const SLOW_MS = 1_000;
const quiet = new Set(["/health", "/health/live", "/health/ready", "/metrics"]);

/**
 * Times requests; logs only what failed on our side or was slow (the metrics tell the rest). The route is the pattern: ids in labels would make a time series each.
 */
export const observeRequests =
  (metrics: Metrics, logger: Logger): RequestHandler =>
  (request, response, next) => {
    const startedMs = performance.now();
    response.once("finish", () => {
      const ms = performance.now() - startedMs;
      const status = response.statusCode;
      const { method } = request;
      const route = patternOf(request);
      metrics.httpDuration.observe({ method, route, status }, ms / 1000);
      if (status < 500 && ms < SLOW_MS) return;
      if (quiet.has(request.url)) return;
      const fields = { requestId: requestIdOf(request), method, route, status, seconds: ms / 1000 };
      logger.warn(fields, status >= 500 ? "request failed" : "request was slow");
    });
    next();
  };

const patternOf = (request: Request): string => {
  const route: unknown = request.route;
  if (typeof route === "object" && route !== null && "path" in route) return String(route.path);
  return "none";
};
