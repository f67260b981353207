import type { Server } from "node:http";

/**
 * Of one pod. An idle connection was measured to cost 15 kB, one whose headers are on their way 28 kB: 15,000 of those are 420 MB, which
 * beside the gateway's own 90 MB is what the 512 MiB of a pod have room for.
 */
const CONNECTIONS_MAX = 15_000;
/** Looking for idle ones takes a look at all: not for each of a flood. */
const SHED_MS = 1_000;

/**
 * Closes connections beyond the limit unread. Idle ones make room then, since the kubelet's probes come over new ones, and a pod that only
 * keeps connections that nobody uses would be restarted for it.
 */
export const limitConnections = (server: Server, most: number = CONNECTIONS_MAX): void => {
  server.maxConnections = most;
  let shedAtMs = Number.NEGATIVE_INFINITY;
  server.on("drop", () => {
    const nowMs = performance.now();
    if (nowMs - shedAtMs < SHED_MS) return;
    shedAtMs = nowMs;
    server.closeIdleConnections();
  });
};
