import { IDLE_CONNECTION_MS } from "@jatra/common/service/drain.ts";
import { ServicePool } from "./service-pool.ts";
import { SilenceWatch } from "./silence-watch.ts";

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
/** A Service's address spreads connections, not requests: connections must end for new pods to get any. */
const LIFETIME_MS = 60_000;

/**
 * How long a service may be silent: from the end of the request to the beginning of its answer, and within the answer. Bookings and
 * holds take milliseconds, a document some hundred; ten seconds is where people give up.
 */
const SILENCE_MS = 10_000;

export type Upstream = {
  readonly service: string;
  readonly pool: Pick<ServicePool, "send" | "close">;
  readonly silence: SilenceWatch;
  /** Counted by the proxy. */
  inFlight: number;
};

export const isFull = (upstream: Upstream): boolean => upstream.inFlight >= IN_FLIGHT_MAX;

/** A service at `baseUrl`, and the connections to it. */
export const createUpstream = (service: string, baseUrl: string): Upstream => ({
  service,
  silence: new SilenceWatch(SILENCE_MS),
  inFlight: 0,
  pool: new ServicePool(baseUrl, {
    connectionsMax: CONNECTIONS_MAX,
    lifetimeMs: LIFETIME_MS,
    idleMs: IDLE_CONNECTION_MS,
  }),
});
