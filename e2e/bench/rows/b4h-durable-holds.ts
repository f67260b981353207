import { createHttpClient } from "../load/http-client.ts";
import { holdSeat } from "../load/hold-seat.ts";
import { closedLoop } from "../load/closed-loop.ts";
import { showLatencies } from "../load/latencies.ts";
import { signIn } from "../platform/access-tokens.ts";
import { cpuShares, readCpu } from "../platform/cpu-time.ts";
import { supplySeats } from "../platform/seat-supply.ts";
import { startPlatform } from "../platform/start-platform.ts";
import type { Bench } from "../row.ts";

/** As many as B1's load has. */
const CONNECTIONS = 64;
/** Enough tokens that one user's limit or cache decides nothing. */
const BUYERS = 256;
const WARM_UP_MS = 2_000;
const GOAL = 2_000;
/** Python, TigerBeetle, Redis and PostgreSQL on 4 vCPU, as published; 150/s with PostgreSQL in the path. */
const TIGERFANS = 977;
const TIGERFANS_POSTGRES = 150;

/** Holds that survive a power cut: Redis turns the crowd away, PostgreSQL commits with fsync before the answer. */
export const durableHolds: Bench = {
  id: "B4h",
  title: "durable holds, Redis and PostgreSQL, through the gateway",
  measure: async ({ brief }) => {
    const platform = await startPlatform({
      services: ["auth", "schedule", "seat-reservation", "api-gateway"],
    });
    const client = createHttpClient(platform.url("api-gateway"), CONNECTIONS);
    try {
      const supply = await supplySeats(platform);
      const buyers = await signIn(platform, BUYERS);
      const before = await readCpu(platform.processes);
      const { perSecond, latencies, done } = await closedLoop({
        inFlight: CONNECTIONS,
        durationMs: brief ? 3_000 : 15_000,
        warmUpMs: WARM_UP_MS,
        work: (index) => holdSeat(client, supply.next(), buyers[index % BUYERS]),
      });
      const cpu = cpuShares(before, await readCpu(platform.processes));
      return [
        {
          id: "B4h",
          what: `holds of one seat for one leg, ${CONNECTIONS} connections, one process a service`,
          value: perSecond,
          unit: "holds/s",
          against: [
            { name: "TigerFans on 4 vCPU, as published", value: TIGERFANS },
            { name: "TigerFans with PostgreSQL, as published", value: TIGERFANS_POSTGRES },
          ],
          ratio: perSecond / TIGERFANS,
          goal: `≥ ${GOAL.toLocaleString("en-US")} holds/s`,
          met: perSecond >= GOAL,
          notes: [`${done} holds: ${showLatencies(latencies)}`, `CPU: ${cpu}`],
        },
      ];
    } finally {
      await client.close();
      await platform.stop();
    }
  },
};
