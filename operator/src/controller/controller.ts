import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { ImageDefaults } from "../desired/resolve-image.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { KeyedQueue } from "../runtime/keyed-queue.ts";
import { ApplyMemory } from "./apply-memory.ts";
import { ClusterCache } from "./cluster-cache.ts";
import { DesiredMemo } from "./desired-memo.ts";
import { Contests } from "./contests.ts";
import { createEventRecorder } from "./event-recorder.ts";
import { followMonitoring, type MonitoringWatch } from "./follow-monitoring.ts";
import type { OperatorMetrics } from "./metrics.ts";
import { knownMonitoringKinds } from "./monitoring-kinds.ts";
import { reconcile } from "./reconcile.ts";
import type { ReconcileTools } from "./reconcile-tools.ts";
import { RevisionReader } from "./rollout/revisions.ts";
import { SecretReader } from "./secret-reader.ts";

export interface ControllerOptions {
  readonly client: ApiClient;
  readonly metrics: OperatorMetrics;
  readonly log: Logger;
  readonly images: ImageDefaults;
  readonly operatorNamespace: string;
  readonly podName: string;
  readonly namespaces: readonly string[];
}

export interface Controller {
  /** All copies are complete: runs may start. */
  readonly isReady: () => boolean;
  readonly isHealthy: () => boolean;
  /**
   * Watches at once, works from the moment `leading` resolves, and returns when the signal has
   * aborted and the running work is done. A standby so has its copies when its turn comes.
   */
  readonly run: (leading: Promise<void>, signal: AbortSignal) => Promise<void>;
}

/** Platforms worked on at once: one that is slow doesn't hold up the others. */
const CONCURRENCY = 4;
/** A single run makes at most a few hundred calls with a deadline each; longer is a hang. */
const RUN_MAX_MS = 5 * 60_000;

export async function createController(options: ControllerOptions): Promise<Controller> {
  const { client, log, metrics } = options;
  const monitoringKinds = new Set(await knownMonitoringKinds(client));
  const runningSince = new Map<string, number>();
  const queue = new KeyedQueue({
    work: async (key) => {
      runningSince.set(key, performance.now());
      try {
        return await runOnce(tools, metrics, key);
      } finally {
        runningSince.delete(key);
      }
    },
    onError: (key, error) => log.error({ platform: key, err: error }, "reconcile failed"),
    observe: metrics.queue,
    concurrency: CONCURRENCY,
  });
  let isStarted = false;
  const cache = new ClusterCache({
    client,
    namespaces: options.namespaces,
    // Before the copies are complete, a run would take what it hasn't seen for missing.
    onChange: (key) => isStarted && queue.add(key),
    onError: (kind, error) => log.warn({ kind, cause: messageOf(error) }, "watch failed, goes on"),
  });
  // A standby shows none, or every figure would be there twice.
  metrics.watchAutoscalers(() => (isStarted ? cache.all("HorizontalPodAutoscaler") : []));
  const tools = reconcileTools(options, cache, monitoringKinds);
  const addAll = () => {
    for (const { namespace, name } of cache.platforms()) queue.add(`${namespace}/${name}`);
  };
  const monitoring: MonitoringWatch = {
    client,
    cache,
    known: monitoringKinds,
    onChange: () => {
      log.info({ kinds: [...monitoringKinds] }, "monitoring kinds have changed");
      if (isStarted) addAll();
    },
    onError: (error) => log.warn({ cause: messageOf(error) }, "monitoring kinds not read"),
  };
  return {
    isReady: () => cache.synced,
    isHealthy: () =>
      [...runningSince.values()].every((since) => performance.now() - since < RUN_MAX_MS),
    run: async (leading, signal) => {
      const watching = Promise.all([followMonitoring(monitoring, signal), cache.run(signal)]);
      await untilSynced(cache, signal);
      await Promise.race([leading, watching]);
      if (!signal.aborted) {
        isStarted = true;
        addAll();
        log.info({ platforms: cache.platforms().length }, "operator started");
      }
      await watching;
      await queue.stop();
    },
  };
}

function reconcileTools(
  { client, log, podName, images, operatorNamespace }: ControllerOptions,
  cache: ClusterCache,
  monitoringKinds: ReadonlySet<string>,
): ReconcileTools {
  return {
    client,
    cache,
    secrets: new SecretReader(client),
    revisions: new RevisionReader(client),
    memory: new ApplyMemory(),
    contests: new Contests(),
    desired: new DesiredMemo(),
    record: createEventRecorder(client, podName, (error) =>
      log.warn({ cause: messageOf(error) }, "event not recorded"),
    ),
    images,
    operatorNamespace,
    monitoringKinds,
    randomSeed: () => randomBytes(32),
    now: () => new Date().toISOString().replace(/\.\d+Z$/, "Z"),
  };
}

/** One run, counted and timed. */
async function runOnce(tools: ReconcileTools, metrics: OperatorMetrics, key: string) {
  const [namespace = "", name = ""] = key.split("/");
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  try {
    const outcome = await reconcile(tools, namespace, name);
    metrics.reconciled("success", seconds());
    return outcome;
  } catch (error) {
    metrics.reconciled("error", seconds());
    throw error;
  }
}

/** An API server that restarts fails every watch at once: the stacks would say nothing more. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function untilSynced(cache: ClusterCache, signal: AbortSignal): Promise<void> {
  while (!cache.synced && !signal.aborted) await delay(50);
}
