import { z } from "zod";
import { Failure } from "../cluster/failure.ts";
import { checkContext, kubectl } from "../cluster/kubectl.ts";
import { measuredCluster } from "../cluster/measured-cluster.ts";
import { ensureTools } from "../cluster/tools.ts";

/** The cluster of `npm run up`: the images that are needed are in its node already. */
export const cluster = measuredCluster;
/** Where the stores run, as if somebody else kept them. */
export const STORES = "jatra-stores";
/** Where the second platform runs. */
export const PLATFORM = "jatra-external";

/** Longest that kubectl may wait for a pod or a deletion. */
const TIMEOUT_MS = 240_000;

/** `kubectl` in a namespace; answers standard output, throws with what it said. */
export const kubectlIn = (namespace: string, ...args: readonly string[]): Promise<string> =>
  kubectl(cluster, ["--namespace", namespace, ...args], { timeoutMs: TIMEOUT_MS });

/** Applies objects of one namespace. */
export const apply = async (namespace: string, objects: readonly object[]): Promise<void> => {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const args = ["apply", "--server-side", "--force-conflicts", "-f", "-"];
  await kubectl(cluster, ["--namespace", namespace, ...args], {
    input: list,
    timeoutMs: TIMEOUT_MS,
  });
};

/** A Secret. Not by `stringData`: a key that is left out when it is applied again would stay. */
export const secret = (name: string, values: Readonly<Record<string, string>>): object => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name },
  data: Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  ),
});

export const namespace = (name: string): object => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

const environment = z.array(z.object({ name: z.string(), value: z.string().optional() }));

export type OperatorImages = {
  readonly tag: string;
  readonly stores: Readonly<Record<string, string>>;
};

/** What the installed operator makes platforms of: those images are in the node. */
export const installedImages = async (): Promise<OperatorImages> => {
  await ensureTools(["kubectl", "kind"]);
  await checkContext(cluster.context);
  const path = "jsonpath={.spec.template.spec.containers[0].env}";
  const json = await kubectlIn("jatra-system", "get", "deployment", "jatra-operator", "-o", path);
  const variables = new Map(
    environment.parse(JSON.parse(json)).map(({ name, value }) => [name, value ?? ""]),
  );
  const tag = variables.get("PLATFORM_IMAGE_TAG") ?? "";
  const stores = variables.get("STORE_IMAGES") ?? "";
  if (tag === "" || stores === "") throw new Failure("The operator is another one: npm run up");
  return { tag, stores: z.record(z.string(), z.string()).parse(JSON.parse(stores)) };
};
