import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { requestIdHeader } from "@jatra/contracts/identity.ts";
import { clientAddressOf } from "../domain/client-address.ts";
import { rateHeaders, type PolicyStanding } from "../domain/rate-headers.ts";
import { apiPolicy, standardHeaders } from "../domain/response-headers.ts";

/** One request at the edge, with what every step needs to know of it. */
export type Visit = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly address: string;
  readonly startedMs: number;
  /** The operation's path or the service's name, for metrics; ids in it would make a time series each. */
  route: string;
  service: string | undefined;
  /** How the client stands with its rate limits, once that is known. */
  standings: readonly PolicyStanding[];
  /** Why there was no answer from the service, for the log. */
  failure: string | undefined;
  /** The circuit or an overload said no: metrics count it, a line for each would drown the others. */
  isTurnedAway: boolean;
  /** The gateway's own app has it, and counts it. */
  isHandedOver: boolean;
};

const wellFormed = /^[A-Za-z0-9._-]{1,64}$/;

/** The request's id is the client's if it is harmless in a log line, else a new one. */
export const createVisit = (request: IncomingMessage, response: ServerResponse): Visit => {
  const given = request.headers[requestIdHeader];
  const isUsable = typeof given === "string" && wellFormed.test(given);
  return {
    request,
    response,
    requestId: isUsable ? given : randomUUID(),
    address: clientAddressOf(request.socket.remoteAddress),
    startedMs: performance.now(),
    route: "none",
    service: undefined,
    standings: [],
    failure: undefined,
    isTurnedAway: false,
    isHandedOver: false,
  };
};

/** The gateway's own headers of an answer, as a flat list. */
export const ownHeaders = (visit: Visit): string[] => {
  const headers = [...standardHeaders, ...apiPolicy, "X-Request-Id", visit.requestId];
  headers.push(...rateHeaders(visit.standings));
  return headers;
};
