import pg from "pg";
import type { Logger } from "../logging/logger.ts";

/** 8-byte integers (counts, sums) as numbers: none of ours comes near 2^53. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Longer than PgBouncer's own wait for a server, so that its clearer error arrives first. */
const CONNECTION_TIMEOUT_MS = 5_000;
/** No statement of ours takes more than some ms; a second minute would only hold locks. */
export const QUERY_TIMEOUT_MS = 15_000;
/**
 * A PgBouncer that is going lets nobody new in and waits for its clients to leave, 55 s long; it can't ask them to. So each connection
 * is given up, between two uses, when it is this old, and the next one is made to a pod that stays. With the longest statement on
 * top it is still in time. A login costs some ms on both sides: 978 clients make 30 of them a second.
 */
const LIFETIME_SECONDS_MIN = 30;
/** Drawn by each pool: pods that lost their connections together don't come back together for ever. */
const LIFETIME_SECONDS_SPREAD = 10;
export const LIFETIME_SECONDS_MAX = LIFETIME_SECONDS_MIN + LIFETIME_SECONDS_SPREAD;

/**
 * A pool of fixed size through PgBouncer. Broken connections are logged and replaced, never thrown: also one that is in
 * use at that moment, between two statements of a transaction, where the pool itself listens no longer and the
 * error would end the process. Whoever uses it hears of it from its next statement.
 */
export const createPool = (options: {
  readonly url: string;
  readonly size: number;
  readonly logger: Logger;
}): pg.Pool => {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.size,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    // Statements that don't wait for each other's answer leave in one packet and come back in one: see inTransaction.
    pipeline: true,
    // Longer than the lifetime, which ends the idle ones too: a second reason to log in again would only cost.
    idleTimeoutMillis: 60_000,
    maxLifetimeSeconds: LIFETIME_SECONDS_MIN + Math.random() * LIFETIME_SECONDS_SPREAD,
  });
  pool.on("connect", (client) => {
    client.on("error", (error) => options.logger.warn({ err: error }, "connection lost"));
  });
  // The same error once more, if the connection was idle.
  pool.on("error", () => undefined);
  return pool;
};
