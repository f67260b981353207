import type { Context } from "../desired/context.ts";
import { RABBITMQ } from "../metadata/names.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import { readWorkload } from "../status/read-objects.ts";
import { keepTopology, type TopologyReport } from "./rabbitmq/keep-topology.ts";
import type { ManagementLogin } from "./rabbitmq/management-api.ts";
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
  const login = await brokerLogin(tools, { platform, secrets });
  if (login !== undefined) return await keepTopology(login);
  return waiting(`Secret ${management.secretName} needs the keys username and password.`);
}

/** How to reach the broker's management API; undefined while its Secret isn't complete. */
export async function brokerLogin(
  tools: { readonly secrets: SecretReader },
  { platform, secrets }: Pick<Context, "platform" | "secrets">,
): Promise<ManagementLogin | undefined> {
  const { url, secretName } = platform.rabbitmq.management;
  const login =
    secrets.get(secretName) ??
    (await tools.secrets.read(platform.namespace, secretName, undefined));
  const username = login?.["username"];
  const password = login?.["password"];
  if (username === undefined || password === undefined) return undefined;
  return { url, username, password };
}

function waiting(message: string): TopologyReport {
  return { messaging: { state: "waiting", message }, declared: [] };
}
