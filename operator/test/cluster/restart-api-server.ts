import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import type { ApiClient } from "../../src/runtime/api-client.ts";
import { CONTEXT, eventually } from "./test-client.ts";

const run = promisify(execFile);

/** The kubelet starts it again at once; on two busy cores it answers after half a minute. */
const DEADLINE_MS = 120_000;

/** In the node of kind: kills the API server, whose container the kubelet then makes anew. Earlier ones have no task. */
const KILL = `
  label='labels."io.kubernetes.container.name"==kube-apiserver'
  for id in $(ctr -n k8s.io containers ls -q "$label"); do
    ctr -n k8s.io tasks kill --signal SIGKILL "$id" 2>/dev/null && killed=yes
  done
  test "$killed" = yes`;

const leases = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), namespace: z.string() }),
      spec: z.object({ renewTime: z.string().nullish() }),
    }),
  ),
});

/** Who may lose the lead meanwhile: whatever runs after this needs them at work again. */
const LEASE_MS = 15_000;
const LEADERS = new Set(["kube-controller-manager", "kube-scheduler", "jatra-operator"]);

/** Restarts the API server of the test cluster; answers when it and those that led are back. */
export async function restartApiServer(client: ApiClient): Promise<void> {
  const led = await renewedSince(client, Date.now() - LEASE_MS);
  const node = `${CONTEXT.replace(/^kind-/, "")}-control-plane`;
  await run("docker", ["exec", node, "sh", "-c", KILL]);
  const startedAt = Date.now();
  const isBack = async () => {
    try {
      const leads = await renewedSince(client, startedAt);
      return [...led].every((name) => leads.has(name));
    } catch {
      return false;
    }
  };
  await eventually("the API server is back, and all that led", isBack, DEADLINE_MS);
}

/** Who has renewed a Lease since then. */
async function renewedSince(client: ApiClient, since: number): Promise<ReadonlySet<string>> {
  const path = "/apis/coordination.k8s.io/v1/leases";
  const { items } = leases.parse(await client.call({ method: "GET", path, deadlineMs: 2000 }));
  return new Set(
    items
      .filter(({ spec }) => Date.parse(spec.renewTime ?? "") > since)
      .map(({ metadata }) => metadata.name)
      .filter((name) => LEADERS.has(name)),
  );
}
