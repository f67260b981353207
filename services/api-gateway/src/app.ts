import type { RequestListener } from "node:http";
import { Problem } from "@jatra/common/http/problem.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { identityHeader, requestIdHeader } from "@jatra/contracts/identity.ts";
import type { RouteTable } from "./domain/route-table.ts";
import { checkRequest } from "./edge/check-request.ts";
import { createVisitObserver, edgeMetrics } from "./edge/observe-visit.ts";
import { answerPreflight, isPreflight } from "./edge/preflight.ts";
import { sendProblem } from "./edge/send-problem.ts";
import { createVisit, ownHeaders, type Visit } from "./edge/visit.ts";
import { createWelcome, type WelcomeDependencies } from "./edge/welcome-visit.ts";
import { BodyIncompleteError } from "./proxy/body-incomplete-error.ts";
import { createVisitProxy, type ProxyDependencies } from "./proxy/proxy-visit.ts";

export type GatewayDependencies = Pick<
  ProxyDependencies,
  "upstreams" | "circuits" | "addressToken"
> &
  WelcomeDependencies & {
    readonly routes: RouteTable;
    /** Serves what is the gateway's own: probes, metrics, documentation, circuits. */
    readonly ownApp: RequestListener;
    readonly logger: Logger;
    readonly metrics: Metrics;
  };

/** The short name under which the gateway's own operations stand in the route table. */
export const OWN_SERVICE = "api-gateway";

const probes: ReadonlySet<string> = new Set([
  "/health",
  "/health/live",
  "/health/ready",
  "/metrics",
]);

/**
 * The gateway's request listener: checks at the edge, then to the service by prefix. Plain node:http, since express's routing would
 * cost more than everything else here together.
 */
export const createApp = (dependencies: GatewayDependencies): RequestListener => {
  const { metrics, logger, ownApp } = dependencies;
  const observe = createVisitObserver(metrics, logger);
  const tell = (visit: Visit, problem: Problem): void =>
    sendProblem(visit.response, problem, visit.requestId, ownHeaders(visit));
  const handle = createHandler(dependencies, tell);
  return (request, response) => {
    if (probes.has(request.url ?? "")) {
      ownApp(request, response);
      return;
    }
    const visit = createVisit(request, response);
    observe(visit);
    handle(visit).catch((error: unknown) => {
      if (error instanceof BodyIncompleteError) return;
      if (!(error instanceof Problem)) {
        logger.error({ err: error, requestId: visit.requestId }, "the gateway itself failed");
      }
      tell(visit, error instanceof Problem ? error : new Problem("internal_error"));
    });
  };
};

const createHandler = (
  dependencies: GatewayDependencies,
  tell: (visit: Visit, problem: Problem) => void,
): ((visit: Visit) => Promise<void>) => {
  const { routes, ownApp, metrics } = dependencies;
  const welcome = createWelcome(dependencies, edgeMetrics(metrics).rateLimited);
  const proxy = createVisitProxy({ ...dependencies, ownHeaders, sendProblem: tell });
  return async (visit) => {
    const { request, response } = visit;
    const path = checkRequest(request);
    if (isPreflight(visit)) {
      answerPreflight(visit, ownHeaders(visit));
      return;
    }
    const match = routes.match(request.method ?? "", path);
    visit.service = match?.service;
    visit.route = match?.operation?.path ?? match?.service ?? visit.route;
    const passport = await welcome(visit, match);
    if (!match) throw new Problem("not_found", { detail: "No such path." });
    if (match.service === OWN_SERVICE) {
      serveOwn(visit, passport?.signed, ownHeaders(visit));
      ownApp(request, response);
      return;
    }
    // Most go at once: nothing is awaited that isn't late.
    const going = proxy(visit, match.service, passport);
    if (going) await going;
  };
};

/** The gateway's own app checks identities like any service, so it gets the request as a service would. */
const serveOwn = (visit: Visit, signed: string | undefined, headers: readonly string[]): void => {
  const { request, response, requestId } = visit;
  visit.isHandedOver = true;
  delete request.headers[identityHeader];
  if (signed !== undefined) request.headers[identityHeader] = signed;
  request.headers[requestIdHeader] = requestId;
  for (let index = 0; index < headers.length; index += 2) {
    response.setHeader(headers[index] ?? "", headers[index + 1] ?? "");
  }
};
