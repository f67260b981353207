import { Failure } from "../cluster/failure.ts";
import { walkThrough } from "../cluster/walk-through.ts";
import { kubectlIn, PLATFORM } from "./on-cluster.ts";
import { psql } from "./store-commands.ts";
import { throughGateway } from "./through-gateway.ts";

/** From registration to the PDF. */
export const bookTicket = async (): Promise<string> => {
  const { ticketIds } = await throughGateway((url) => walkThrough(url, () => undefined));
  return `CONFIRMED, ${ticketIds.length} tickets`;
};

/** How the sessions came that aren't local to PostgreSQL's own pod. */
export const secureSessions = async (): Promise<string> => {
  const from = "pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL";
  const counts = await psql(
    "postgres",
    `SELECT count(*) FILTER (WHERE ssl), count(*) FROM ${from}`,
  );
  const [secure = "", all = ""] = counts.split("|");
  if (secure !== all || all === "0") throw new Failure(`${secure} of ${all} sessions by TLS.`);
  return `${secure} of ${all} sessions in PostgreSQL by TLS`;
};

/** How often a Deployment has been changed so far. */
export const generationOf = (deployment: string): Promise<string> => {
  const path = "jsonpath={.metadata.generation}";
  return kubectlIn(PLATFORM, "get", "deployment", deployment, "-o", path);
};

/** Nothing runs or is to run. */
export const noPods = async (): Promise<void> => {
  const made = await kubectlIn(PLATFORM, "get", "pods,jobs", "-o", "name");
  if (made !== "") throw new Failure(`There are already ${made}`);
};
