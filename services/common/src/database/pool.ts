import pg from "pg";
import type { Logger } from "../logging/logger.ts";

/** 8-byte integers (counts, sums) as numbers: none of ours comes near 2^53. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Longer than PgBouncer's own wait for a server, so that its clearer error arrives first. */
const CONNECTION_TIMEOUT_MS = 5_000;
/** No statement of ours takes more than some ms; a second minute would only hold locks. */
const QUERY_TIMEOUT_MS = 15_000;

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
    // PgBouncer closes idle clients on its own terms; keeping ours saves logins.
    idleTimeoutMillis: 60_000,
  });
  pool.on("connect", (client) => {
    client.on("error", (error) => options.logger.warn({ err: error }, "connection lost"));
  });
  // The same error once more, if the connection was idle.
  pool.on("error", () => undefined);
  return pool;
};
