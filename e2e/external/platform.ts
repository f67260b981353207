import { SERVICES } from "../../operator/src/metadata/services.ts";
import { apply, namespace, PLATFORM } from "./on-cluster.ts";
import { hostOf, REDIS_PORTS } from "./store-commands.ts";
import { SECRETS } from "./store-secrets.ts";

/** Thirteen pods beside forty others on two cores: one of each, asking for next to nothing. */
const service = {
  replicas: 1,
  autoscaling: { enabled: false },
  resources: { requests: { cpu: "5m", memory: "64Mi" }, limits: { cpu: "1", memory: "384Mi" } },
};

/** All buyers come from one address, each as a new customer. */
const rateLimit = { operations: { register: { requests: 1000, windowSeconds: 1 } } };

/** Whose logins the services have: the operator makes them with an admin's, or somebody has made them. */
export type DatabaseLogins =
  | { readonly secretRef: { readonly name: string } }
  | { readonly databases: "Precreated" };

/** Applies a platform whose stores are all somebody else's. */
export const applyPlatform = async (logins: DatabaseLogins): Promise<void> => {
  await apply(PLATFORM, [namespace(PLATFORM)]);
  await apply(PLATFORM, [platformWith(logins)]);
};

const platformWith = (logins: DatabaseLogins): object => ({
  apiVersion: "jatra.dev/v1alpha1",
  kind: "JatraPlatform",
  metadata: { name: "jatra" },
  spec: {
    gateway: { type: "ClusterIP", rateLimit },
    services: Object.fromEntries(SERVICES.map(({ key }) => [key, service])),
    pgbouncer: { resources: { requests: { cpu: "5m", memory: "16Mi" } } },
    postgres: {
      type: "External",
      external: {
        host: hostOf("postgres"),
        caSecretRef: { name: SECRETS.authority },
        ...logins,
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
