import { connectionBudget } from "../../desired/connection-budget.ts";
import type { Finding, View } from "../view.ts";

/** The services' pools, at their maxima, fit what PgBouncer accepts. */
export function connectionBudgetFits({ platform }: View): Finding {
  const type = "ConnectionBudget";
  const { clientsNeeded, clientsMax, serversPerPool } = connectionBudget(platform);
  const databases = platform.services.filter(({ facts }) => facts.database !== undefined).length;
  if (serversPerPool < databases) {
    return {
      type,
      status: "False",
      reason: "TooFewServerConnections",
      message:
        `One PgBouncer pod may open ${serversPerPool} connections, fewer than the ${databases} ` +
        "databases: raise pgbouncer.maxServerConnections or lower pgbouncer.replicas.",
    };
  }
  const figures = `${clientsNeeded} of ${clientsMax} client connections`;
  if (clientsNeeded <= clientsMax) {
    const message = `At their maxima the services need ${figures}.`;
    return { type, status: "True", reason: "Fits", message };
  }
  return {
    type,
    status: "False",
    reason: "TooManyClients",
    message:
      `At their maxima the services need ${figures}: lower autoscaling.maxReplicas or raise ` +
      "pgbouncer.maxClientConnections.",
  };
}
