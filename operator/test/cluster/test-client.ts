import { KubeConfig } from "@kubernetes/client-node";
import { createApiClient, type ApiClient } from "../../src/runtime/api-client.ts";
import { isNotFound } from "../../src/runtime/api-error.ts";
import { credentialsOf } from "../../src/runtime/credentials.ts";

/** Context of the cluster these tests run on; they only write in a namespace of their own. */
export const CONTEXT = process.env["JATRA_TEST_CONTEXT"] ?? "kind-jatra-e2e";

export const NAMESPACE = "jatra-operator-test";

export async function testClient(): Promise<ApiClient> {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  kubeConfig.setCurrentContext(CONTEXT);
  return createApiClient(await credentialsOf(kubeConfig), () => undefined);
}

/** Makes the tests' namespace; one that stood there before is used again. */
export async function makeNamespace(client: ApiClient): Promise<void> {
  await client.call({
    method: "PATCH",
    path: `/api/v1/namespaces/${NAMESPACE}`,
    query: { fieldManager: "jatra-operator-test", force: "true" },
    contentType: "application/apply-patch+yaml",
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
  });
}

/** Deletes an object; nothing happens where there is none. */
export async function deleteIfThere(client: ApiClient, path: string): Promise<void> {
  try {
    await client.call({ method: "DELETE", path });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Waits until the condition holds; fails after ten seconds. */
export async function eventually(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Not within 10 s: ${what}`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
