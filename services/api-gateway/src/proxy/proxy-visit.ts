import { Problem } from "@jatra/common/http/problem.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { clientAddressHeader, identityHeader, requestIdHeader } from "@jatra/contracts/identity.ts";
import type { Circuits } from "../breaker/create-circuits.ts";
import { circuitMetrics } from "../breaker/circuit-metrics.ts";
import { REFUSED, type Circuit } from "../domain/circuit.ts";
import { classifyOutcome } from "../domain/classify-outcome.ts";
import { networkOf } from "../domain/client-address.ts";
import { readsTokens } from "../domain/early-access.ts";
import { headersForService } from "../domain/request-headers.ts";
import { edgeMetrics } from "../edge/observe-visit.ts";
import type { Visit } from "../edge/visit.ts";
import type { Passport } from "../identity/passports.ts";
import { Exchange, type ExchangeResult } from "./exchange.ts";
import { hasBody, type RequestBody } from "./request-body.ts";
import { createBodyTaker } from "./create-body-taker.ts";
import { errorCode } from "./upstream-error.ts";
import { isFull, type Upstream } from "./upstreams.ts";

export type ProxyDependencies = {
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** Empty when circuit breakers are switched off. */
  readonly circuits: Circuits;
  readonly addressToken: (address: string) => Promise<string>;
  readonly metrics: Metrics;
  /** The gateway's own headers of an answer to this visit. */
  readonly ownHeaders: (visit: Visit) => readonly string[];
  readonly sendProblem: (visit: Visit, problem: Problem) => void;
};

/**
 * Hands a visit on to its service: at once where nothing has to be waited for. Throws (or rejects with) `circuit_open`,
 * `dependency_unavailable` (overload), `body_too_large`.
 */
export type VisitProxy = (
  visit: Visit,
  service: string,
  passport: Passport | undefined,
) => Promise<void> | undefined;

export const createVisitProxy = (dependencies: ProxyDependencies): VisitProxy => {
  const begin = createBeginning(dependencies);
  const takeIn = createTakeIn(dependencies);
  return (visit, service, passport) => {
    const upstream = dependencies.upstreams.get(service);
    if (!upstream) throw new Error(`no address is known for ${service}`);
    const headers = requestHeaders(visit, service, passport);
    if (!readsTokens(service) || hasBody(visit.request)) {
      return takeIn(visit, upstream, headers).then((body) => begin(visit, upstream, headers, body));
    }
    invite(visit);
    begin(visit, upstream, headers, noBody);
    return undefined;
  };
};

type TakeIn = (visit: Visit, upstream: Upstream, headers: string[]) => Promise<RequestBody>;

/** What a request needs before it can go: for auth the client's signed address, and its body. */
const createTakeIn = ({ addressToken }: ProxyDependencies): TakeIn => {
  const takeBody = createBodyTaker();
  return async (visit, upstream, headers) => {
    if (!readsTokens(upstream.service)) {
      // The whole /64 of an IPv6 address: its owner could take another address for every guess.
      const network = networkOf(visit.address);
      headers.push(clientAddressHeader, await addressToken(network));
    }
    invite(visit);
    return hasBody(visit.request) ? await takeBody(visit, upstream) : noBody;
  };
};

const invite = ({ request, response }: Visit): void => {
  if (request.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
};

type Beginning = (
  visit: Visit,
  upstream: Upstream,
  headers: readonly string[],
  body: RequestBody,
) => void;

const createBeginning = (dependencies: ProxyDependencies): Beginning => {
  const { rejections } = circuitMetrics(dependencies.metrics);
  const { upstreamFailures } = edgeMetrics(dependencies.metrics);
  return (visit, upstream, headers, body) => {
    const { request, response } = visit;
    const { service } = upstream;
    const circuit = dependencies.circuits.get(service);
    // After the body: a probe must not wait for a client that uploads slowly.
    refuseIfFull(visit, upstream);
    const permit = circuit ? circuit.admit() : 0;
    if (permit === REFUSED) {
      rejections.inc({ service });
      visit.isTurnedAway = true;
      throw circuitOpen(circuit);
    }
    const onEnd = (result: ExchangeResult): void => {
      if (result.kind === "unreachable" || result.kind === "timed_out") {
        upstreamFailures.inc({ service, kind: result.kind });
      }
      circuit?.settle(permit, result.kind === "client_error" ? "neither" : classifyOutcome(result));
    };
    new Exchange({
      request,
      response,
      upstream,
      headers,
      body,
      path: request.url ?? "/",
      ownHeaders: () => dependencies.ownHeaders(visit),
      onEnd,
      onProblem: ({ problem }, error) => {
        visit.failure = errorCode(error);
        if (problem) dependencies.sendProblem(visit, problem);
      },
    }).start();
  };
};

const noBody: RequestBody = { kind: "none" };

const circuitOpen = (circuit: Circuit | undefined): Problem =>
  new Problem("circuit_open", {
    headers: { "Retry-After": String(circuit?.retryAfterSeconds() ?? 1) },
  });

const refuseIfFull = (visit: Visit, upstream: Upstream): void => {
  if (!isFull(upstream)) return;
  visit.isTurnedAway = true;
  throw new Problem("dependency_unavailable", {
    detail: "Too many requests are waiting for this part of the platform.",
    headers: { "Retry-After": "1" },
  });
};

/**
 * The one service that gets a verified bearer: it comes back to the gateway's own circuits on the admin's behalf, and
 * the gateway believes nothing but a bearer, since it can't tell the inside from the outside.
 */
const BEARER_SERVICE = "admin";

const requestHeaders = (
  visit: Visit,
  service: string,
  passport: Passport | undefined,
): string[] => {
  const { request, address, requestId } = visit;
  const headers = headersForService(request.rawHeaders);
  headers.push(requestIdHeader, requestId, "x-forwarded-for", address, "x-forwarded-proto", "http");
  if (request.headers.host !== undefined) headers.push("x-forwarded-host", request.headers.host);
  if (passport) headers.push(identityHeader, passport.signed);
  const { authorization } = request.headers;
  if (service === BEARER_SERVICE && passport && authorization !== undefined) {
    headers.push("authorization", authorization);
  }
  return headers;
};
