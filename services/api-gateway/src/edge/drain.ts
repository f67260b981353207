import type { Server } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

/**
 * How long idle connections are still served after the signal. By then the Service sends no new ones here; clients that use
 * theirs once more are answered with `Connection: close`, instead of meeting a connection that is just being closed.
 */
const GRACE_MS = 3_000;

/** The gentle first half of stopping; closing the server is the second. Ends at once when nobody is connected. */
export const drain = async (server: Server): Promise<void> => {
  const connections = await new Promise<number>((resolve) => {
    server.getConnections((_error, count) => resolve(count));
  });
  if (connections > 0) await wait(GRACE_MS);
};
