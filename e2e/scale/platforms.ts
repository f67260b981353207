import type { Cluster } from "../cluster/kind-cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { services } from "@jatra/contracts/service-names.ts";

/** The one broker whose topology the operator keeps for all of the platforms, over its management API. */
export type Broker = {
  readonly managementUrl: string;
  readonly username: string;
  readonly password: string;
};

const STORES_SECRET = "external-stores";
const CONFIG_MAP = "jatra-services";
/** A value of that ConfigMap, which no person should change. */
const CONFIG_KEY = "BOOKING_SERVICE_URL";
const BY_HAND = "http://changed-by-hand";
/** Creating 800 objects; kubectl sends 50 a second. */
const CREATE_TIMEOUT_MS = 120_000;

export const namespacesOf = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index + 1).padStart(3, "0")}`);

/** One pod a service, no autoscaler, all stores external: as small as a platform gets. */
const spec = (broker: Broker): object => {
  const secretRef = { name: STORES_SECRET };
  const store = (host: string) => ({ type: "External", external: { host, tls: false, secretRef } });
  const { external, type } = store("rabbitmq.example");
  const management = { url: broker.managementUrl, secretRef };
  const fixed = { autoscaling: { enabled: false }, replicas: 1 };
  return {
    gateway: { type: "ClusterIP" },
    services: Object.fromEntries(Object.keys(services).map((name) => [name, fixed])),
    postgres: store("postgres.example"),
    redis: store("redis.example"),
    rabbitmq: { type, external: { ...external, management } },
  };
};

/** Namespaces with what a platform finds there; objects that must be there before it. */
export const createNamespaces = async (
  cluster: Cluster,
  namespaces: readonly string[],
  broker: Broker,
  more: (namespace: string) => readonly object[] = () => [],
): Promise<void> => {
  const { username, password } = broker;
  const objects = namespaces.flatMap((namespace) => [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: LABELS } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: STORES_SECRET, namespace },
      stringData: { username, password },
    },
    ...more(namespace),
  ]);
  await create(cluster, objects);
};

/** On every namespace of ours: what is deleted afterwards. */
const LABELS = { "jatra.dev/scale": "true" };

/** One platform in each of the namespaces; `patch` makes single ones different. */
export const createPlatforms = async (
  cluster: Cluster,
  namespaces: readonly string[],
  broker: Broker,
  patch: (namespace: string) => object = () => ({}),
): Promise<void> => {
  const objects = namespaces.map((namespace) => ({
    apiVersion: "jatra.dev/v1alpha1",
    kind: "JatraPlatform",
    metadata: { name: "jatra", namespace },
    spec: { ...spec(broker), ...patch(namespace) },
  }));
  await create(cluster, objects);
};

const create = async (cluster: Cluster, items: readonly object[]): Promise<void> => {
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await kubectl(cluster, ["create", "-f", "-"], { input, timeoutMs: CREATE_TIMEOUT_MS });
};

/** Namespaces whose platform's condition has this status. */
export const withCondition = async (
  cluster: Cluster,
  type: string,
  status: string,
): Promise<readonly string[]> => {
  const path = `{.status.conditions[?(@.type=="${type}")].status}`;
  const lines = await list(cluster, ["jatraplatforms"], path);
  return lines.filter(([, value]) => value === status).map(([namespace]) => namespace);
};

/** Changes the same value in each of the platforms, as a person would who forces it. */
export const changeByHand = async (
  cluster: Cluster,
  namespaces: readonly string[],
): Promise<void> => {
  const items = namespaces.map((namespace) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: CONFIG_MAP, namespace },
    data: { [CONFIG_KEY]: BY_HAND },
  }));
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const how = ["--server-side", "--force-conflicts", "--field-manager=a-person"];
  await kubectl(cluster, ["apply", ...how, "-f", "-"], { input, timeoutMs: CREATE_TIMEOUT_MS });
};

/** Namespaces in which that change still stands. */
export const changedByHand = async (cluster: Cluster): Promise<readonly string[]> => {
  const which = ["configmaps", `--field-selector=metadata.name=${CONFIG_MAP}`];
  const lines = await list(cluster, which, `{.data.${CONFIG_KEY}}`);
  return lines.filter(([, value]) => value === BY_HAND).map(([namespace]) => namespace);
};

/** A value of each object of a kind, beside its namespace. */
const list = async (
  cluster: Cluster,
  which: readonly string[],
  path: string,
): Promise<readonly (readonly [string, string])[]> => {
  const output = `jsonpath={range .items[*]}{.metadata.namespace} ${path}{"\\n"}{end}`;
  const text = await kubectl(cluster, ["get", ...which, "--all-namespaces", "-o", output]);
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [namespace = "", value = ""] = line.split(" ");
      return [namespace, value] as const;
    });
};

/** Deletes them all; what is in them goes in the background. */
export const deleteNamespaces = async (cluster: Cluster): Promise<void> => {
  const which = Object.entries(LABELS).map(([name, value]) => `--selector=${name}=${value}`);
  await kubectl(cluster, ["delete", "namespaces", ...which, "--wait=false"]);
};
