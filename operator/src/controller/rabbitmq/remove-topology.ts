import type { Topology } from "../../desired/rabbitmq/topology.ts";
import { remove, type ManagementLogin } from "./management-api.ts";

/**
 * Takes queues, exchanges and policies of a platform from a broker, with whatever is in the queues; bindings go with them.
 * What isn't there is as well. Throws when the broker doesn't answer or the login may not.
 */
export async function removeTopology(
  login: ManagementLogin,
  { exchanges, queues, policies }: Topology,
): Promise<void> {
  // Policies last: without its own a queue would have no limits, in case this is interrupted.
  for (const { name } of queues) await remove(login, "queues", name);
  for (const { name } of exchanges) await remove(login, "exchanges", name);
  for (const { name } of policies) await remove(login, "policies", name);
}
