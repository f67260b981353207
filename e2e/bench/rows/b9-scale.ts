import { loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@jatra/testing/eventually.ts";
import { testStores } from "@jatra/testing/stores.ts";
import { deleteCluster, type Cluster } from "../../cluster/kind-cluster.ts";
import { createPlayedNodes, ensureKwok, startKwok } from "../../scale/kwok.ts";
import { keepOperator, type KeptOperator } from "../../scale/keep-operator.ts";
import {
  changeByHand,
  changedByHand,
  createNamespaces,
  createPlatforms,
  namespacesOf,
  withCondition,
  type Broker,
} from "../../scale/platforms.ts";
import { createScaleCluster, SCALE_CLUSTER } from "../../scale/scale-cluster.ts";
import type { Bench, BenchOptions, Row } from "../row.ts";

/** JATRA_SCALE_PLATFORMS makes a smaller run, to see that it works. */
const COUNT = Number(process.env["JATRA_SCALE_PLATFORMS"] ?? 200);
/** Created at a time: on two cores, the API server and its etcd take 200 at once for a minute of silence, in which the Lease is lost. */
const GROUP = 10;
/** Of a platform: 13 services and the pool, 13 Jobs, and some that are on their way. */
const PODS_EACH = 30;
const QUIET_MS = 60_000;
const DEADLINE_MS = 20 * 60_000;
const LOOK_MS = 2000;
const MEMORY_MAX_MB = 200;

/** How much one operator takes for as many platforms as it is made for. The pods are kwok's, the API server is real. */
export const operatorScale: Bench = {
  id: "B9-200",
  title: `the operator with ${COUNT} platforms (--long only)`,
  measure: async (options) => {
    if (!options.long) return [];
    await ensureKwok();
    try {
      const cluster = await createScaleCluster(options.say);
      const kwok = await startKwok(SCALE_CLUSTER);
      try {
        await createPlayedNodes(SCALE_CLUSTER, COUNT * PODS_EACH);
        return rowsOf(await measureAt(cluster, options));
      } finally {
        await kwok.stop();
      }
    } finally {
      await deleteCluster(SCALE_CLUSTER);
    }
  },
};

type Measured = {
  readonly install: Phase & { readonly seconds: number };
  readonly quiet: Phase & { readonly calls: ReadonlyMap<string, number> };
  readonly restart: Phase & { readonly readySeconds: number; readonly seconds: number };
  /** Of the operator, by itself. */
  readonly restarts: number;
};
type Phase = { readonly memoryMb: number; readonly cpuSeconds: number };

const measureAt = async (cluster: Cluster, { say }: BenchOptions): Promise<Measured> => {
  const namespaces = namespacesOf("scale", COUNT);
  const broker = await benchBroker();
  await createNamespaces(cluster, namespaces, broker);
  const first = await keepOperator(cluster);
  let operator = first;
  try {
    const install = await during(operator, async () => {
      const start = performance.now();
      for (let from = 0; from < COUNT; from += GROUP) {
        await createPlatforms(cluster, namespaces.slice(from, from + GROUP), broker);
        await untilReady(cluster, Math.min(COUNT, from + GROUP));
        say(`${Math.min(COUNT, from + GROUP)} of ${COUNT} Ready`);
      }
      return { seconds: secondsSince(start) };
    });
    await settled(operator);
    const quiet = await during(operator, async () => {
      const before = (await operator.figures()).calls;
      await delay(QUIET_MS);
      return { calls: minus((await operator.figures()).calls, before) };
    });
    await operator.stop();
    await changeByHand(cluster, namespaces);
    const start = performance.now();
    operator = await keepOperator(cluster);
    const readySeconds = secondsSince(start);
    const restart = await during(operator, async () => {
      await until("put right", COUNT, async () => COUNT - (await changedByHand(cluster)).length);
      return { readySeconds, seconds: secondsSince(start) };
    });
    return { install, quiet, restart, restarts: first.restarts() + operator.restarts() };
  } finally {
    await operator.stop();
  }
};

const benchBroker = async (): Promise<Broker> => {
  const { username, password, origin } = new URL((await testStores()).rabbitmqManagementUrl);
  return { managementUrl: origin, username, password };
};

/** Work, the operator's CPU time meanwhile and its largest memory, looked at four times a second. */
const during = async <T>(operator: KeptOperator, work: () => Promise<T>): Promise<T & Phase> => {
  const done = new AbortController();
  let memoryMb = 0;
  const looking = (async () => {
    while (!done.signal.aborted) {
      memoryMb = Math.max(memoryMb, (await operator.figures()).memoryMb);
      await delay(250, undefined, { signal: done.signal }).catch(() => undefined);
    }
  })();
  // Waited for below; until then an error must not end the process, which would leave the cluster behind.
  looking.catch(() => undefined);
  const cpuMs = operator.cpuMs();
  try {
    const result = await work();
    return { ...result, memoryMb, cpuSeconds: (operator.cpuMs() - cpuMs) / 1000 };
  } finally {
    done.abort();
    await looking;
  }
};

const untilReady = (cluster: Cluster, count: number): Promise<void> =>
  until("Ready", count, async () => (await withCondition(cluster, "Ready", "True")).length);

const until = async (what: string, all: number, count: () => Promise<number>): Promise<void> => {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const found = await count();
    if (found >= all) return;
    if (performance.now() > deadline) throw new Error(`Only ${found} of ${all} are ${what}.`);
    await delay(LOOK_MS);
  }
};

/** Nothing has been written for ten seconds, the Lease apart. */
const settled = async (operator: KeptOperator): Promise<void> => {
  await eventually(async () => {
    const before = (await operator.figures()).calls;
    await delay(10_000);
    return writes(minus((await operator.figures()).calls, before)) === 0;
  }, DEADLINE_MS);
};

/** The leader renews its Lease by PUT. */
const writes = (calls: ReadonlyMap<string, number>): number =>
  ["PATCH", "POST", "DELETE"].reduce((sum, method) => sum + (calls.get(method) ?? 0), 0);

const minus = (after: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>) =>
  new Map([...after].map(([method, count]) => [method, count - (before.get(method) ?? 0)]));

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

const rowsOf = ({ install, quiet, restart, restarts }: Measured): readonly Row[] => {
  const what = (text: string) => `${COUNT} platforms (pods played by kwok): ${text}`;
  const memory = [install, quiet, restart].map(({ memoryMb }) => Math.round(memoryMb));
  const calls = [...quiet.calls.values()].reduce((sum, count) => sum + count, 0);
  const load = loadavg().map((value) => value.toFixed(1));
  return [
    row(what("memory of the operator, the largest seen"), Math.max(...memory), "MB", {
      goal: `< ${MEMORY_MAX_MB} MB`,
      met: Math.max(...memory) < MEMORY_MAX_MB,
      notes: [
        `installation, steady minute, restart: ${memory.join(", ")} MB`,
        `load average at the end: ${load.join(", ")}`,
      ],
    }),
    row(what("calls to the API server in a steady minute"), calls, "calls", {
      goal: "no writes",
      met: writes(quiet.calls) === 0,
      notes: [
        [...quiet.calls].map(([method, count]) => `${method} ${count}`).join(", "),
        "PUT renews the Lease",
        `CPU of the operator in that minute: ${quiet.cpuSeconds.toFixed(1)} s`,
      ],
    }),
    row(what("from the restart to every change of meanwhile put right"), restart.seconds, "s", {
      notes: [
        `copies complete after ${restart.readySeconds.toFixed(1)} s`,
        `CPU of the operator: ${restart.cpuSeconds.toFixed(1)} s`,
      ],
    }),
    row(
      what(`from the creation of the first to Ready of all, ${GROUP} at a time`),
      install.seconds,
      "s",
      {
        notes: [
          `CPU of the operator: ${install.cpuSeconds.toFixed(1)} s`,
          `ended by itself and started again: ${restarts}`,
        ],
      },
    ),
  ];
};

const row = (
  what: string,
  value: number,
  unit: string,
  told: Partial<Pick<Row, "goal" | "met" | "notes">>,
): Row => ({
  id: "B9-200",
  what,
  value,
  unit,
  against: [],
  ratio: null,
  goal: told.goal ?? "is shown",
  met: told.met ?? true,
  notes: told.notes ?? [],
});
