import { KubeConfig } from "@kubernetes/client-node";
import {
  createApiClient,
  type ApiCall,
  type ApiClient,
  type CallObserver,
} from "../../src/runtime/api-client.ts";
import { isNotFound } from "../../src/runtime/api-error.ts";
import { credentialsOf, type Credentials } from "../../src/runtime/credentials.ts";

/** Context of the cluster these tests run on; they only write in a namespace of their own. */
export const CONTEXT = process.env["JATRA_TEST_CONTEXT"] ?? "kind-jatra-e2e";

export const NAMESPACE = "jatra-operator-test";

/** To be let in to the test cluster; `server` is a proxy's address where one stands between. */
export async function testCredentials(server?: string): Promise<Credentials> {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  kubeConfig.setCurrentContext(CONTEXT);
  const cluster = kubeConfig.getCurrentCluster();
  const user = kubeConfig.getCurrentUser();
  if (cluster === null || user === null) throw new Error(`There is no context ${CONTEXT}.`);
  const reached = new KubeConfig();
  reached.loadFromClusterAndUser({ ...cluster, server: server ?? cluster.server }, user);
  return await credentialsOf(reached);
}

export async function testClient(
  server?: string,
  observe: CallObserver = () => undefined,
): Promise<ApiClient> {
  return createApiClient(await testCredentials(server), observe);
}

/** The client itself, and a list of what it was asked for. */
export function recorded(client: ApiClient) {
  const calls: ApiCall[] = [];
  const noted: ApiClient = {
    call: async (call) => {
      calls.push(call);
      return await client.call(call);
    },
    lines: (call, signal) => {
      calls.push(call);
      return client.lines(call, signal);
    },
    close: client.close,
  };
  return { client: noted, calls };
}

/** Makes the tests' namespace; one that stood there before is used again. */
export async function makeNamespace(client: ApiClient, name = NAMESPACE): Promise<void> {
  await client.call({
    method: "PATCH",
    path: `/api/v1/namespaces/${name}`,
    query: { fieldManager: "jatra-operator-test", force: "true" },
    contentType: "application/apply-patch+yaml",
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name } },
  });
}

/** Deletes an object; nothing happens where there is none. */
export async function deleteIfThere(client: ApiClient, path: string): Promise<void> {
  try {
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" };
    await client.call({ method: "DELETE", path, body });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Waits until the condition holds; fails after the deadline. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`Not within ${deadlineMs / 1000} s: ${what}`);
    }
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
