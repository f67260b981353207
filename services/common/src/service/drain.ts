import type { Server } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

/**
 * How long connections are still served after the signal. By then the Service sends no new ones here (preStop has waited for
 * that), but whoever has one may use it once more: an answer with `Connection: close` sends him elsewhere, while a connection that is
 * closed just as a request comes loses the request.
 */
export const DRAIN_MS = 5_000;
/**
 * How long a client inside the platform keeps a connection that it doesn't use. Two seconds below `DRAIN_MS`, for timers that are late on
 * a busy machine: a connection was either used while its server drained, and is closed, or has been let go by its client.
 */
export const IDLE_CONNECTION_MS = 3_000;

/** Nobody connected for so long: nobody will come any more. */
const QUIET_MS = 1_000;
const LOOK_MS = 100;

/** The gentle first half of stopping a server; closing it is the second. Ends early when nobody is connected any more. */
export const drain = async (server: Server, drainMs: number = DRAIN_MS): Promise<void> => {
  server.prependListener("request", (_request, response) => {
    response.setHeader("Connection", "close");
  });
  const startedMs = performance.now();
  let seenMs = -Infinity;
  for (;;) {
    const nowMs = performance.now();
    if ((await connectionsOf(server)) > 0) seenMs = nowMs;
    if (nowMs - seenMs >= QUIET_MS || nowMs - startedMs >= drainMs) return;
    await wait(LOOK_MS);
  }
};

const connectionsOf = async (server: Server): Promise<number> =>
  await new Promise((resolve) => {
    server.getConnections((_error, count) => resolve(count));
  });
