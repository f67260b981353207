import type { IncomingMessage, ServerResponse } from "node:http";
import type { Request, RequestHandler } from "express";
import { requestIdHeader } from "@jatra/contracts/identity.ts";
import type { Logger } from "../logging/logger.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { requestIdOf } from "./request-id.ts";

/** Requests slower than this get a log line: five times the promise for a booking's answer. */
const SLOW_MS = 1_000;
const quiet = new Set(["/health", "/health/live", "/health/ready", "/metrics"]);

/** Times one request; `routeOf` is asked at its end for the pattern: ids in labels would make a time series each. */
export type ObserveRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  routeOf: () => string,
) => void;

/** Times requests; logs only what failed on our side or was slow (the metrics tell the rest). */
export const createRequestObserver =
  (metrics: Metrics, logger: Logger): ObserveRequest =>
  (request, response, routeOf) => {
    const startedMs = performance.now();
    response.once("finish", () => {
      const ms = performance.now() - startedMs;
      const status = response.statusCode;
      const { method = "GET" } = request;
      const route = routeOf();
      metrics.httpDuration.observe({ method, route, status }, ms / 1000);
      if (status < 500 && ms < SLOW_MS) return;
      if (quiet.has(request.url ?? "")) return;
      const fields = { requestId: requestIdOf(request), method, route, status, seconds: ms / 1000 };
      logger.warn(fields, status >= 500 ? "request failed" : "request was slow");
    });
  };

/** For express; the request's id is on every answer. */
export const observeRequests =
  (observe: ObserveRequest): RequestHandler =>
  (request, response, next) => {
    response.set(requestIdHeader, requestIdOf(request));
    observe(request, response, () => patternOf(request));
    next();
  };

const patternOf = (request: Request): string => {
  const route: unknown = request.route;
  if (typeof route === "object" && route !== null && "path" in route) return String(route.path);
  return "none";
};
