import { setTimeout as delay } from "node:timers/promises";
import { SERVICES } from "../../../operator/src/metadata/services.ts";
import { Failure } from "../../cluster/failure.ts";
import { clusterExists } from "../../cluster/kind-cluster.ts";
import { kubectl } from "../../cluster/kubectl.ts";
import { measuredCluster, measuredClusterName } from "../../cluster/measured-cluster.ts";
import { operatorWrites, writesSince } from "../platform/operator-writes.ts";
import { lookOf, untilSettled } from "../platform/until-settled.ts";
import { whileWatching } from "../platform/watch-object.ts";
import type { Bench, Row } from "../row.ts";

const cluster = measuredCluster;
/** The platform of `npm run up`, for changes and drift; a second one in a namespace of its own for the first reconcile. */
const NAMESPACE = "jatra";
const SECOND = "jatra-bench";
const TIMES = 5;
const BRIEF_TIMES = 2;
/** Four of the operator's own looks and of the autoscalers'. */
const QUIET_MS = 60_000;
const SECOND_PLATFORM = {
  apiVersion: "jatra.dev/v1alpha1",
  kind: "JatraPlatform",
  metadata: { name: "jatra", namespace: SECOND },
  spec: { gateway: { type: "ClusterIP" } },
};

/** How soon the operator acts, on kind with everything on two cores. */
export const operatorSpeed: Bench = {
  id: "B9",
  title: "the operator: first reconcile, change, drift, steady state",
  measure: async ({ brief, say }) => {
    if (!(await clusterExists(measuredClusterName))) {
      throw new Failure("B9 wants the platform of `npm run up`: run that first.");
    }
    const times = brief ? BRIEF_TIMES : TIMES;
    const steady = await measureSteadyState(say);
    const change = await repeat(times, timeChange);
    const drift = await repeat(times, timeDrift);
    const first = await timeFirstReconcile();
    return [
      row("first reconcile to all children applied that need no store", [first.ms], 5_000, [
        `${first.children} children`,
      ]),
      row("change of the resource to the patched Deployment", change, 1_000),
      row("drift (a Service's port taken away) to repair", drift, 2_000),
      steady,
    ];
  },
};

const row = (what: string, values: readonly number[], max: number, notes: string[] = []): Row => {
  const worst = Math.max(...values);
  return {
    id: "B9",
    what,
    value: worst,
    unit: "ms, the slowest",
    against: [],
    ratio: null,
    goal: `< ${max} ms`,
    met: worst < max,
    notes: [...notes, `each: ${values.map((value) => Math.round(value)).join(", ")}`],
  };
};

const repeat = async (times: number, measure: (round: number) => Promise<number>) => {
  const values: number[] = [];
  for (let round = 0; round < times; round += 1) values.push(await measure(round));
  return values;
};

const inPlatform = (...args: string[]): Promise<string> =>
  kubectl(cluster, ["-n", NAMESPACE, ...args]);

/** From the patch's answer to the Deployment that carries it. Ends where it began, so that a later round starts alike. */
const timeChange = async (round: number): Promise<number> => {
  const env = "{.spec.template.spec.containers[0].env[?(@.name=='SEAT_LOCK_TTL_SECONDS')].value}";
  const deployment = "deployment/seat-reservation-service";
  const ttlSeconds = 601 + round;
  const took = await whileWatching(cluster, NAMESPACE, deployment, env, async ({ until }) => {
    const start = performance.now();
    await patchPlatform({ seatLocks: { ttlSeconds } });
    return (await until((value) => value === `${ttlSeconds}`, start)) - start;
  });
  await patchPlatform({ seatLocks: { ttlSeconds: null } });
  await inPlatform("rollout", "status", deployment);
  return took;
};

const patchPlatform = (spec: object): Promise<string> =>
  inPlatform("patch", "jp", "jatra", "--type=merge", `--patch=${JSON.stringify({ spec })}`);

/** Each time another one's: what somebody changes again and again is called contested, and left so for a while. */
const timeDrift = async (round: number): Promise<number> => {
  const service = `service/${SERVICES[round % SERVICES.length]?.name}`;
  const path = "{.spec.ports[0].port}";
  const port = await inPlatform("get", service, "-o", `jsonpath=${path}`);
  const wrong = [{ op: "replace", path: "/spec/ports/0/port", value: 9_999 }];
  return whileWatching(cluster, NAMESPACE, service, path, async ({ until }) => {
    await inPlatform("patch", service, "--type=json", `--patch=${JSON.stringify(wrong)}`);
    const broken = await until((value) => value === "9999", 0);
    return (await until((value) => value === port, broken)) - broken;
  });
};

/** From the creation to the first word of the operator on it, which it writes after it has applied what can be applied. */
const timeFirstReconcile = async (): Promise<{ ms: number; children: number }> => {
  await kubectl(cluster, ["create", "namespace", SECOND]);
  try {
    const start = performance.now();
    await kubectl(cluster, ["create", "-f", "-"], { input: JSON.stringify(SECOND_PLATFORM) });
    const status = "{.status.conditions[?(@.type=='Ready')].observedGeneration}";
    const platform = "jatraplatform/jatra";
    const at = await whileWatching(cluster, SECOND, platform, status, ({ until }) =>
      until((value) => value === "1", start),
    );
    const kinds = "deploy,sts,svc,cm,sa,secret,hpa,pdb,networkpolicy,job";
    const managed = "app.kubernetes.io/managed-by=jatra-operator";
    const list = ["-n", SECOND, "get", kinds, "-l", managed, "-o", "name"];
    const children = (await kubectl(cluster, list)).trim().split("\n").length;
    return { ms: at - start, children };
  } finally {
    await kubectl(cluster, ["delete", "namespace", SECOND, "--wait=false"]);
  }
};

/** Everything that the operator's pods write but the Lease, while nothing changes; begun when the platform has settled. */
const measureSteadyState = async (say: (line: string) => void): Promise<Row> => {
  const isSettled = await untilSettled(cluster, NAMESPACE);
  say(
    isSettled ? "the platform has settled" : "the platform doesn't settle; measured all the same",
  );
  const before = await operatorWrites(cluster);
  const look = await lookOf(cluster, NAMESPACE);
  await delay(QUIET_MS);
  const written = await writesSince(cluster, before);
  const writes = [...written.values()].reduce((sum, count) => sum + count, 0);
  const isSame = (await lookOf(cluster, NAMESPACE)) === look;
  say(`steady state: ${writes} writes`);
  return {
    ...row("writes to the API server in the steady state", [writes], 0),
    unit: `in ${QUIET_MS / 1_000} s`,
    goal: "none",
    met: writes === 0,
    notes: [
      isSettled
        ? "begun when pods, autoscalers and rollout had stood still for 30 s"
        : "never settled",
      ...[...written].map(([resource, count]) => `${resource}: ${count}`),
      ...(isSame ? [] : ["a pod, an autoscaler or the rollout changed meanwhile"]),
    ],
  };
};
