import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { ObservedObject } from "../metadata/observed-object.ts";
import type { CallObserver } from "../runtime/api-client.ts";
import type { QueueObserver } from "../runtime/keyed-queue.ts";
import { LEASE_NAME } from "../metadata/names.ts";
import { readAutoscaler, type Autoscaler } from "../status/read-objects.ts";

export interface OperatorMetrics {
  readonly registry: Registry;
  readonly queue: QueueObserver;
  readonly called: CallObserver;
  readonly reconciled: (result: "success" | "error", seconds: number) => void;
  readonly leads: (isLeader: boolean) => void;
  /** Where the figures of all autoscalers come from at the moment somebody asks. */
  readonly watchAutoscalers: (read: () => Iterable<ObservedObject>) => void;
}

const CONTROLLER = { controller: "jatraplatform" };
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Metrics under controller-runtime's names, so that dashboards made for it work. */
export function createMetrics(): OperatorMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const called = new Counter({
    name: "rest_client_requests_total",
    help: "Calls to the API server by method and status code; code 0: no answer.",
    labelNames: ["method", "code"] as const,
    registers: [registry],
  });
  const writes = new Counter({
    name: "jatra_api_writes_total",
    help: "Answered calls to the API server that write, by what they write to.",
    labelNames: ["resource"] as const,
    registers: [registry],
  });
  return {
    registry,
    queue: queueMetrics(registry),
    called: (call, code) => {
      called.inc({ method: call.method, code });
      if (call.method !== "GET" && code > 0) writes.inc({ resource: resourceOf(call.path) });
    },
    reconciled: reconcileMetrics(registry),
    leads: leaderMetric(registry),
    watchAutoscalers: (read) => {
      const gauge = (name: string, help: string, figure: Figure) =>
        scalerGauge(registry, { name: `jatra_hpa_${name}`, help }, read, figure);
      gauge("current_replicas", "Replicas an autoscaler sees now.", (one) => one.currentReplicas);
      gauge("max_replicas", "Its upper limit.", (one) => one.maxReplicas);
      gauge("cpu_utilization_percentage", "CPU it sees, of the request.", (one) => one.currentCPU);
    },
  };
}

/** `jatraplatforms/status` of a path that ends in `/jatraplatforms/NAME/status`. */
export function resourceOf(path: string): string {
  const [, resource = "other", , subresource] =
    /^\/apis?(?:\/[^/]+){1,2}\/namespaces\/[^/]+\/([^/]+)(?:\/([^/]+)(?:\/([^/]+))?)?$/.exec(
      path,
    ) ?? [];
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}

/** Undefined: there is nothing to tell. */
type Figure = (scaler: Autoscaler) => number | undefined;

/** Read when scraped: an autoscaler that is gone must not live on as a figure. */
function scalerGauge(
  registry: Registry,
  { name, help }: { readonly name: string; readonly help: string },
  read: () => Iterable<ObservedObject>,
  figure: Figure,
): Gauge {
  return new Gauge({
    name,
    help,
    labelNames: ["namespace", "name"] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const object of read()) {
        const scaler = readAutoscaler(object);
        const { namespace, name } = object;
        const value = scaler === undefined ? undefined : figure(scaler);
        if (value !== undefined) this.set({ namespace, name }, value);
      }
    },
  });
}

function leaderMetric(registry: Registry): OperatorMetrics["leads"] {
  const status = new Gauge({
    name: "leader_election_master_status",
    help: "1 in the process that leads, 0 in a standby.",
    labelNames: ["name"] as const,
    registers: [registry],
  });
  status.set({ name: LEASE_NAME }, 0);
  return (isLeader) => status.set({ name: LEASE_NAME }, isLeader ? 1 : 0);
}

function reconcileMetrics(registry: Registry): OperatorMetrics["reconciled"] {
  const total = new Counter({
    name: "controller_runtime_reconcile_total",
    help: "Runs by result.",
    labelNames: ["controller", "result"] as const,
    registers: [registry],
  });
  const errors = new Counter({
    name: "controller_runtime_reconcile_errors_total",
    help: "Runs that failed and are tried again.",
    labelNames: ["controller"] as const,
    registers: [registry],
  });
  const time = new Histogram({
    name: "controller_runtime_reconcile_time_seconds",
    help: "How long a run takes.",
    labelNames: ["controller"] as const,
    buckets: SECONDS,
    registers: [registry],
  });
  errors.inc(CONTROLLER, 0);
  return (result, seconds) => {
    total.inc({ ...CONTROLLER, result });
    if (result === "error") errors.inc(CONTROLLER);
    time.observe(CONTROLLER, seconds);
  };
}

function queueMetrics(registry: Registry): QueueObserver {
  const name = { name: "jatraplatform" };
  const common = { labelNames: ["name"] as const, registers: [registry] };
  const depth = new Gauge({ name: "workqueue_depth", help: "Keys that wait.", ...common });
  const adds = new Counter({ name: "workqueue_adds_total", help: "Keys added.", ...common });
  const retries = new Counter({ name: "workqueue_retries_total", help: "Retries.", ...common });
  const waited = new Histogram({
    name: "workqueue_queue_duration_seconds",
    help: "How long a key waits.",
    buckets: SECONDS,
    ...common,
  });
  const worked = new Histogram({
    name: "workqueue_work_duration_seconds",
    help: "How long work on a key takes.",
    buckets: SECONDS,
    ...common,
  });
  return {
    depth: (length) => depth.set(name, length),
    added: () => adds.inc(name),
    retried: () => retries.inc(name),
    waited: (seconds) => waited.observe(name, seconds),
    worked: (seconds) => worked.observe(name, seconds),
  };
}
