import { missing, type Missing } from "../../desired/rabbitmq/missing.ts";
import { topology } from "../../desired/rabbitmq/topology.ts";
import type { Messaging } from "../../status/view.ts";
import { declare, readBroker, type ManagementLogin } from "./management-api.ts";

export interface TopologyReport {
  readonly messaging: Messaging;
  /** Names of what was declared in this run. */
  readonly declared: readonly string[];
}

/** Looks at the broker and declares what is missing. Never deletes; never throws. */
export async function keepTopology(login: ManagementLogin): Promise<TopologyReport> {
  try {
    const found = missing(topology(), await readBroker(login));
    const declared = namesOf(found);
    if (declared.length > 0) await declare(login, found);
    if (found.problems.length === 0) return { messaging: { state: "declared" }, declared };
    return { messaging: { state: "wrong", problems: found.problems }, declared };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const message = `RabbitMQ's management API at ${login.url} can't be used yet: ${cause}`;
    return { messaging: { state: "waiting", message }, declared: [] };
  }
}

function namesOf(found: Missing): string[] {
  return [
    ...found.exchanges.map(({ name }) => name),
    ...found.queues.map(({ name }) => name),
    ...found.bindings.map(
      ({ exchange, queue, routingKey }) => `${exchange}:${routingKey}→${queue}`,
    ),
    ...found.policies.map(({ name }) => name),
  ];
}
