import { IDLE_CONNECTION_MS } from "@jatra/common/service/drain.ts";
import { RoundRobinPool } from "undici";

/**
 * Connections of one gateway pod to one service. Each carries one request at a time, so this is also how many requests of one
 * pod a service works on at once; with 20 gateway pods that is still below what a service's pods accept.
 */
const CONNECTIONS_MAX = 128;
/**
 * Requests under way or waiting for a connection. Beyond it a service is so slow that waiting only ties up memory here:
 * they are answered 503 at once. The largest crowd seen for one seat, 1,187 in a moment, fits one pod with room: at
 * 1,024 some 300 of them got a 503 instead of a word on the seat.
 */
const IN_FLIGHT_MAX = 2_048;
/** Inside a cluster a connection takes a millisecond; a lost SYN is repeated after one second. */
const CONNECT_TIMEOUT_MS = 2_000;
/** A Service's address spreads connections, not requests: connections must end for new pods to get any. */
const LIFETIME_MS = 60_000;

export type Upstream = {
  readonly service: string;
  readonly pool: Pick<RoundRobinPool, "dispatch" | "close">;
  /** Counted by the proxy. */
  inFlight: number;
};

export const isFull = (upstream: Upstream): boolean => upstream.inFlight >= IN_FLIGHT_MAX;

/**
 * Keep-alive connections to a service at `baseUrl`, each used in its turn. The other pool of undici's takes the first free one: the
 * pods behind the first connections would do most of the work, and it looks at the age of every busy one before it, twice a request.
 */
export const createUpstream = (service: string, baseUrl: string): Upstream => ({
  service,
  inFlight: 0,
  pool: new RoundRobinPool(new URL(baseUrl).origin, {
    connections: CONNECTIONS_MAX,
    clientTtl: LIFETIME_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // The exchange's own timer counts from the request's end, and also while it waits for a connection.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
    pipelining: 1,
    allowH2: false,
  }),
});
