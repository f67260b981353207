import { connectionBudget } from "../../../desired/connection-budget.ts";
import { found, type Ailment, type Check, type Evidence } from "../evidence.ts";

/** Clients wait a few milliseconds in every busy pool; a second is a queue. */
const WAIT_SECONDS = 1;

/** Clients of PgBouncer that wait for a connection to PostgreSQL, or won't get in at all. */
export const poolExhausted: Check = {
  name: "connection pool",
  examine: (evidence) => {
    const { pools } = evidence;
    if ("obstacle" in pools) return pools;
    const waiting = pools.found
      .filter((pool) => pool.clientsWaiting > 0 && pool.waitSecondsMax >= WAIT_SECONDS)
      .map((pool): Ailment => ({
        severity: "problem",
        what:
          `${pool.database}: ${pool.clientsWaiting} clients wait, the first for ` +
          `${pool.waitSecondsMax} s; ${pool.serversActive} connections are busy.`,
        todo: [
          "Look for long transactions: SELECT * FROM pg_stat_activity WHERE state <> 'idle'.",
          "Raise spec.pgbouncer.maxServerConnections if PostgreSQL has processors to spare.",
        ],
      }));
    return found([...waiting, ...crowded(evidence, pools.found)]);
  },
};

/** Close to the limit, the next pod's pool is refused. */
const CROWDED_SHARE = 0.9;

function crowded(
  { platform }: Evidence,
  pools: readonly { clientsActive: number; clientsWaiting: number }[],
) {
  const clients = pools.reduce((sum, one) => sum + one.clientsActive + one.clientsWaiting, 0);
  const { clientsMax } = connectionBudget(platform);
  if (clients < clientsMax * CROWDED_SHARE) return [];
  return [
    {
      severity: "warning" as const,
      what: `${clients} of ${clientsMax} client connections are in use.`,
      todo: ["Raise spec.pgbouncer.maxClientConnections, or lower autoscaling.maxReplicas."],
    },
  ];
}
