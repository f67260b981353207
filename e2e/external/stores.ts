import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "../cluster/failure.ts";
import { makeCertificates, type Certificates } from "./certificates.ts";
import { apply, kubectlIn, namespace, STORES, type OperatorImages } from "./on-cluster.ts";
import { hostOf, PASSWORDS, psql, rabbitmqctl, redisCli, REDIS_PORTS } from "./store-commands.ts";
import { storeObjects } from "./store-objects.ts";

const [FIRST_REDIS_PORT] = REDIS_PORTS;
/** Two cores start them beside a platform that is at work. */
const START_SECONDS_MAX = 180;

/**
 * The stores, with certificates of an authority that nobody knows. Logins have no more rights than a managed store would give;
 * those of PostgreSQL are made by `inPostgres`.
 */
export const startStores = async (
  images: OperatorImages,
  inPostgres: readonly string[],
): Promise<Certificates> => {
  const names = ["postgres", "redis", "rabbitmq"];
  const certificates = await makeCertificates(names.map(hostOf));
  await apply(STORES, [namespace(STORES)]);
  await apply(STORES, storeObjects(images, certificates));
  const pods = names.map((name) => `pod/${name}`);
  const timeout = `--timeout=${START_SECONDS_MAX}s`;
  await kubectlIn(STORES, "wait", "--for=condition=Ready", ...pods, timeout);
  await psql("postgres", ...inPostgres);
  await formCluster();
  await makeBrokerLogins();
  return certificates;
};

const makeBrokerLogins = async (): Promise<void> => {
  await rabbitmqctl("add_user", "services", PASSWORDS.services);
  await rabbitmqctl("set_permissions", "services", "^$", ".*", ".*");
  await rabbitmqctl("add_user", "declarer", PASSWORDS.management);
  await rabbitmqctl("set_permissions", "declarer", ".*", ".*", ".*");
  await rabbitmqctl("set_user_tags", "declarer", "policymaker");
};

const formCluster = async (): Promise<void> => {
  const address = (
    await kubectlIn(STORES, "get", "pod", "redis", "-o", "jsonpath={.status.podIP}")
  ).trim();
  const nodes = REDIS_PORTS.map((port) => `${address}:${port}`);
  await redisCli(FIRST_REDIS_PORT, "--cluster", "create", ...nodes, "--cluster-yes");
  const deadline = Date.now() + 30_000;
  const states = async () =>
    await Promise.all(REDIS_PORTS.map((port) => redisCli(port, "cluster", "info")));
  while (!(await states()).every((state) => state.includes("cluster_state:ok"))) {
    if (Date.now() > deadline) throw new Failure("The Redis Cluster doesn't come together.");
    await delay(500);
  }
};
