import type { Context } from "../desired/context.ts";
import { AUTHORITY_KEY } from "../desired/secrets/given-secrets.ts";
import { RABBITMQ } from "../metadata/names.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import { readWorkload } from "../status/read-objects.ts";
import { keepTopology, type TopologyReport } from "./rabbitmq/keep-topology.ts";
import type { ManagementLogin } from "./rabbitmq/management-api.ts";

/** Keeps the topology of the platform's broker, once it is there to be asked. */
export async function messagingOf(
  { platform, secrets }: Context,
  children: ReadonlyMap<string, ObservedObject>,
): Promise<TopologyReport> {
  const { embedded, management } = platform.rabbitmq;
  if (platform.paused) return waiting("The platform is paused.");
  if (embedded !== undefined) {
    const broker = readWorkload(children.get(`StatefulSet/${RABBITMQ}`));
    if (broker.ready === 0) return waiting("RabbitMQ doesn't answer yet.");
  }
  const login = brokerLogin({ platform, secrets });
  if (login !== undefined) return await keepTopology(login);
  return waiting(`Secret ${management.secretName} needs the keys username and password.`);
}

/** How to reach the broker's management API; undefined while its Secret isn't complete. */
export function brokerLogin({
  platform,
  secrets,
}: Pick<Context, "platform" | "secrets">): ManagementLogin | undefined {
  const { management, caSecretName } = platform.rabbitmq;
  const { url, secretName } = management;
  const { username = "", password = "" } = secrets.get(secretName) ?? {};
  if (username === "" || password === "") return undefined;
  const authority = secrets.get(caSecretName ?? "")?.[AUTHORITY_KEY];
  return { url, secretName, username, password, authority };
}

function waiting(message: string): TopologyReport {
  return { messaging: { state: "waiting", message }, declared: [] };
}
