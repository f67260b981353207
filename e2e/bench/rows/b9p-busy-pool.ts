import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "../../cluster/failure.ts";
import { clusterExists } from "../../cluster/kind-cluster.ts";
import { kubectl } from "../../cluster/kubectl.ts";
import { measuredCluster, measuredClusterName } from "../../cluster/measured-cluster.ts";
import { CommandFailed } from "../../cluster/run-command.ts";
import {
  BUSY_SERVICE,
  startBusyClients,
  type BusyClients,
  type Report,
} from "../../pool/busy-clients.ts";
import { poolPods, poolSetting } from "../../pool/pool-pods.ts";
import { askForRotation, loginIn } from "../../pool/rotation.ts";
import { eventually } from "../../scenarios/support/eventually.ts";
import type { Bench, Row } from "../row.ts";

const cluster = measuredCluster;
const NAMESPACE = "jatra";
const CLIENTS = 200;
const SECRET = `${BUSY_SERVICE}-database`;
const REPLICAS = 2;
/** Each pod is watched for 60 s before the next one goes, and drains for up to 45. */
const ROLL_MS = 5 * 60_000;

type Say = (line: string) => void;
/** Does something to the pool; answers what is worth a note. */
type Step = { readonly what: string; readonly run: (say: Say) => Promise<readonly string[]> };

/** The pool's changes with everybody at work: two PgBouncers, 200 clients, real transactions, and not one that fails. */
export const busyPool: Bench = {
  id: "B9P",
  title: "the connection pool is changed while 200 clients are busy",
  measure: async ({ say }) => {
    if (!(await clusterExists(measuredClusterName))) {
      throw new Failure("B9P wants the platform of `npm run up`: run that first.");
    }
    let clients: BusyClients | undefined;
    try {
      await patchPool({ replicas: REPLICAS });
      await untilOnly([]);
      const started = await startBusyClients(cluster, NAMESPACE, CLIENTS);
      clients = started;
      await eventually("all clients are at work", 60_000, async () => {
        if ((await started.report()).connections < CLIENTS) throw new Error("not yet");
      });
      const rows: Row[] = [];
      for (const step of STEPS) rows.push(await take(step, started, say));
      return rows;
    } finally {
      await clients?.stop();
      const none = { replicas: null, maxClientConnections: null, maxServerConnections: null };
      await patchPool(none);
    }
  },
};

const take = async (step: Step, clients: BusyClients, say: Say): Promise<Row> => {
  const before = await clients.report();
  const notes = await step.run(say);
  // Whoever waits for an answer now still gets it.
  await delay(3_000);
  const after = await clients.report();
  const failed = after.errors - before.errors + after.lost - before.lost;
  say(`${step.what}: ${failed} errors`);
  return {
    id: "B9P",
    what: step.what,
    value: failed,
    unit: "errors",
    against: [],
    ratio: null,
    goal: "none",
    met: failed === 0,
    notes: [...notes, seen(before, after), ...after.messages],
  };
};

const seen = (before: Report, after: Report): string =>
  [
    `${after.transactions - before.transactions} transactions`,
    `${after.connections - before.connections} logins`,
    `the slowest so far ${after.slowestMs} ms`,
  ].join(", ");

const inPlatform = (...args: string[]) => kubectl(cluster, ["-n", NAMESPACE, ...args]);

const patchPool = async (pgbouncer: object): Promise<void> => {
  const patch = JSON.stringify({ spec: { pgbouncer } });
  await inPlatform("patch", "jp", "jatra", "--type=merge", `--patch=${patch}`);
};

const names = async (): Promise<string[]> =>
  (await poolPods(cluster, NAMESPACE)).map(({ name }) => name);

/** Until as many pods as wanted are ready, none of them of these names, and nobody else is there. */
const untilOnly = async (gone: readonly string[]): Promise<void> =>
  await eventually("the pods of the pool are as wanted", ROLL_MS, async () => {
    const pods = await poolPods(cluster, NAMESPACE);
    const isWanted =
      pods.length === REPLICAS &&
      pods.every(({ name, isReady, isGoing }) => isReady && !isGoing && !gone.includes(name));
    if (!isWanted) throw new Error(pods.map(({ name }) => name).join(" "));
  });

const changeLimits = async (): Promise<readonly string[]> => {
  const startedAt = performance.now();
  await patchPool({ maxClientConnections: 1_100, maxServerConnections: 96 });
  await eventually("the new limit holds in every pod", 120_000, async () => {
    for (const pod of await names()) {
      const limit = await poolSetting(cluster, NAMESPACE, pod, "max_client_conn");
      if (limit !== "1100") throw new Error(`${pod}: ${limit}`);
    }
  });
  return [`in force everywhere after ${Math.round(performance.now() - startedAt)} ms`];
};

/** Of the service whose clients these are: they go on with the login of before, which is valid as long as they are there. */
const rotateLogin = async (): Promise<readonly string[]> => {
  const startedAt = performance.now();
  const { username } = await loginIn(cluster, NAMESPACE, SECRET);
  await askForRotation(cluster, NAMESPACE, SECRET);
  await eventually("the service's pods are given the other login", 120_000, async () => {
    const before = await loginIn(cluster, NAMESPACE, SECRET, "previous-");
    if (before.username !== username) throw new Error("not yet");
  });
  await inPlatform("rollout", "status", `deployment/${BUSY_SERVICE}`, "--timeout=50s");
  return [`${Math.round((performance.now() - startedAt) / 1_000)} s until the pods had it`];
};

const replaceBoth = async (): Promise<readonly string[]> => {
  const before = await names();
  const startedAt = performance.now();
  await inPlatform("rollout", "restart", "deployment/pgbouncer");
  await untilOnly(before);
  return [`${Math.round((performance.now() - startedAt) / 1_000)} s`];
};

/** As a node that is drained does it: the budget lets one go, and not the other before it has a successor. */
const evictOne = async (): Promise<readonly string[]> => {
  const [first = "", second = ""] = await names();
  await evict(first);
  const refusal = await evict(second).then(
    () => "the second eviction was let pass",
    (error: unknown) => {
      if (!(error instanceof CommandFailed)) throw error;
      const isRefused = /disruption budget/.test(error.output);
      return isRefused ? "the second at once was refused by the budget" : error.output;
    },
  );
  await untilOnly([first]);
  return [refusal];
};

const evict = async (pod: string): Promise<void> => {
  const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod}/eviction`;
  const metadata = { name: pod, namespace: NAMESPACE };
  const input = JSON.stringify({ apiVersion: "policy/v1", kind: "Eviction", metadata });
  await kubectl(cluster, ["create", "--raw", path, "-f", "-"], { input });
};

const STEPS: readonly Step[] = [
  { what: "limits changed and reloaded, 200 busy clients", run: changeLimits },
  { what: "the login of their service rotated, 200 busy clients", run: rotateLogin },
  { what: "both PgBouncers replaced one after another, 200 busy clients", run: replaceBoth },
  { what: "a PgBouncer evicted, 200 busy clients", run: evictOne },
];
