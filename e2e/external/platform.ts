import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { Failure } from "../cluster/failure.ts";
import { kubectlIn, PLATFORM } from "./on-cluster.ts";
import { hostOf, REDIS_PORTS } from "./stores.ts";

/** Beside the 30000 of the platform that is there already. */
export const NODE_PORT = 30_180;

/** Names of the Secrets that the spec refers to. */
export const SECRETS = {
  authority: "stores-authority",
  postgres: "postgres-admin",
  redis: "redis-login",
  rabbitmq: "rabbitmq-login",
  management: "rabbitmq-management",
} as const;

/** Thirteen pods beside forty others on two cores: one of each, asking for next to nothing. */
const service = {
  replicas: 1,
  autoscaling: { enabled: false },
  resources: { requests: { cpu: "5m", memory: "64Mi" }, limits: { cpu: "1", memory: "384Mi" } },
};

/** A platform whose stores are all somebody else's. */
export const platformWith = (publicURL: string, keys: readonly string[]): object => ({
  apiVersion: "jatra.dev/v1alpha1",
  kind: "JatraPlatform",
  metadata: { name: "jatra" },
  spec: {
    gateway: { type: "NodePort", nodePort: NODE_PORT, publicURL },
    services: Object.fromEntries(keys.map((key) => [key, service])),
    pgbouncer: { resources: { requests: { cpu: "5m", memory: "16Mi" } } },
    postgres: {
      type: "External",
      external: {
        host: hostOf("postgres"),
        caSecretRef: { name: SECRETS.authority },
        secretRef: { name: SECRETS.postgres },
      },
    },
    redis: {
      type: "External",
      external: {
        host: hostOf("redis"),
        port: REDIS_PORTS[0],
        cluster: true,
        caSecretRef: { name: SECRETS.authority },
        secretRef: { name: SECRETS.redis },
      },
    },
    rabbitmq: {
      type: "External",
      external: {
        host: hostOf("rabbitmq"),
        caSecretRef: { name: SECRETS.authority },
        secretRef: { name: SECRETS.rabbitmq },
        management: {
          url: `https://${hostOf("rabbitmq")}:15671`,
          secretRef: { name: SECRETS.management },
        },
      },
    },
  },
});

const conditionsSchema = z.array(
  z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }),
);
export type Condition = z.infer<typeof conditionsSchema>[number];

/** All of the platform's; none before the operator has looked. */
export const conditions = async (): Promise<readonly Condition[]> => {
  const path = "jsonpath={.status.conditions}";
  const args = ["get", "jatraplatform", "jatra", "--ignore-not-found", "-o", path];
  return conditionsSchema.parse(JSON.parse((await kubectlIn(PLATFORM, ...args)) || "[]"));
};

/** Repeats `probe` until it answers something; after the deadline throws with what was awaited. */
export const until = async <T>(
  what: string,
  deadlineMs: number,
  probe: () => Promise<T | undefined>,
): Promise<T> => {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Failure(`${what}: not within ${deadlineMs / 1000} s.`);
    await delay(500);
  }
};

/** A condition, once it has that status and its message names each of the texts. */
export const conditionWith = (
  type: string,
  status: string,
  texts: readonly string[],
  deadlineMs = 60_000,
): Promise<Condition> =>
  until(`${type}=${status} with ${texts.join(", ")}`, deadlineMs, async () => {
    const found = (await conditions()).find((one) => one.type === type);
    const isIt = found?.status === status && texts.every((text) => found.message.includes(text));
    return isIt ? found : undefined;
  });
