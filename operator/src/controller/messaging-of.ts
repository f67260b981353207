import type { Context } from "../desired/context.ts";
import { RABBITMQ } from "../metadata/names.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import { readWorkload } from "../status/read-objects.ts";
import { keepTopology, type TopologyReport } from "./rabbitmq/keep-topology.ts";
import type { SecretReader } from "./secret-reader.ts";

/** Keeps the topology of the platform's broker, once it is there to be asked. */
export async function messagingOf(
  tools: { readonly secrets: SecretReader },
  { platform, secrets }: Context,
  children: ReadonlyMap<string, ObservedObject>,
): Promise<TopologyReport> {
  const { embedded, management } = platform.rabbitmq;
  if (platform.paused) return waiting("The platform is paused.");
  if (embedded !== undefined) {
    const broker = readWorkload(children.get(`StatefulSet/${RABBITMQ}`));
    if (broker.ready === 0) return waiting("RabbitMQ doesn't answer yet.");
  }
  const login =
    secrets.get(management.secretName) ??
    (await tools.secrets.read(platform.namespace, management.secretName, undefined));
  const username = login?.["username"];
  const password = login?.["password"];
  if (username === undefined || password === undefined) {
    return waiting(`Secret ${management.secretName} needs the keys username and password.`);
  }
  return await keepTopology({ url: management.url, username, password });
}

function waiting(message: string): TopologyReport {
  return { messaging: { state: "waiting", message }, declared: [] };
}
