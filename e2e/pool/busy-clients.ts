import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Cluster } from "../cluster/kind-cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";

/** What the clients have seen since they started. */
export type Report = {
  /** Logins: as many as clients at first, more with every connection that was made anew. */
  readonly connections: number;
  readonly transactions: number;
  /** Transactions that failed, and the first few reasons. */
  readonly errors: number;
  readonly messages: readonly string[];
  readonly slowestMs: number;
  /** Connections that broke under them, also between two transactions. */
  readonly lost: number;
};

export type BusyClients = {
  readonly report: () => Promise<Report>;
  readonly stop: () => Promise<void>;
};

const POD = "busy-clients";
/** Whose login these clients have, and whose image they run in. */
export const BUSY_SERVICE = "auth-service";
/** May connect to the pool, and has no autoscaler, whose figures another pod of its `app` would spoil. */
const APP = "payment-simulator";
/**
 * A third of what they take. With less a busy node leaves them standing in the midst of a transaction, whose server connection
 * nobody else gets meanwhile: what is looked at here is the pool, not clients that starve.
 */
const CPU = "100m";
const program = new URL("client-program.ts", import.meta.url);

const deploymentSchema = z.object({
  spec: z.object({
    template: z.object({
      metadata: z.object({
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
      }),
      spec: z.looseObject({ containers: z.array(z.looseObject({ env: z.array(z.unknown()) })) }),
    }),
  }),
});
const reportSchema = z.object({
  report: z.object({
    connections: z.int(),
    transactions: z.int(),
    errors: z.int(),
    messages: z.array(z.string()),
    slowestMs: z.int(),
  }),
});

/** Starts a pod with so many busy clients of PgBouncer; one that was left behind is replaced. */
export const startBusyClients = async (
  cluster: Cluster,
  namespace: string,
  clients: number,
): Promise<BusyClients> => {
  const inNamespace = (...args: string[]) => kubectl(cluster, ["-n", namespace, ...args]);
  const stop = async (): Promise<void> => {
    await inNamespace("delete", "pod", POD, "--ignore-not-found", "--grace-period=1");
  };
  await stop();
  const json = await inNamespace("get", "deployment", BUSY_SERVICE, "-o", "json");
  const pod = await podLike(deploymentSchema.parse(JSON.parse(json)), clients);
  await kubectl(cluster, ["-n", namespace, "create", "-f", "-"], { input: JSON.stringify(pod) });
  await inNamespace("wait", "pod", POD, "--for=jsonpath={.status.phase}=Running", "--timeout=50s");
  return { stop, report: async () => readReport(await inNamespace("logs", POD, "--tail=-1")) };
};

/**
 * The service's own pod with another program, by its name and annotations too: the operator doesn't retire a login while a
 * pod that was started with it is there. It is never ready, so that no request comes here.
 */
const podLike = async (
  { spec: { template } }: z.infer<typeof deploymentSchema>,
  clients: number,
): Promise<object> => {
  const [container] = template.spec.containers;
  const source = await readFile(program, "utf8");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: POD,
      labels: { ...template.metadata.labels, app: APP },
      annotations: template.metadata.annotations,
    },
    spec: {
      ...template.spec,
      topologySpreadConstraints: undefined,
      restartPolicy: "Never",
      containers: [
        {
          ...container,
          name: POD,
          command: ["node", "--input-type=module-typescript", "--eval", source],
          env: [...(container?.env ?? []), { name: "CLIENTS", value: `${clients}` }],
          resources: { requests: { cpu: CPU, memory: "96Mi" }, limits: { memory: "512Mi" } },
          lifecycle: undefined,
          startupProbe: undefined,
          livenessProbe: undefined,
          readinessProbe: { exec: { command: ["false"] }, periodSeconds: 3_600 },
        },
      ],
    },
  };
};

const readReport = (log: string): Report => {
  const lines = log.split("\n").filter(Boolean);
  const last = lines.findLast((line) => line.startsWith('{"report"'));
  if (last === undefined) throw new Error(`The clients haven't said anything yet: ${log}`);
  const lost = lines.filter((line) => line.includes('"connection lost"')).length;
  return { ...reportSchema.parse(JSON.parse(last)).report, lost };
};
