import { Writable } from "node:stream";
import { Exec, type KubeConfig } from "@kubernetes/client-node";
import { PEOPLE_ROLE, PGBOUNCER } from "../../metadata/names.ts";
import type { PoolState } from "./evidence.ts";

/** The console answers at once; on two busy cores psql alone took more than 15 s to start. */
const DEADLINE_MS = 30_000;

/** The guide's command: PgBouncer's console, through the socket in its own container. */
const SHOW_POOLS = [
  "psql",
  "--csv",
  "-p",
  "5432",
  "-U",
  PEOPLE_ROLE,
  PGBOUNCER,
  "-c",
  "SHOW POOLS",
];

/** SHOW POOLS of one PgBouncer pod. */
export async function readPools(
  kubeConfig: KubeConfig,
  namespace: string,
  pod: string,
): Promise<PoolState[]> {
  return parsePools(await execute(kubeConfig, namespace, pod));
}

/** The lines of `psql --csv`; no name of ours has a comma or a quote. Pure. */
export function parsePools(csv: string): PoolState[] {
  const [head = "", ...lines] = csv.trim().split("\n");
  const columns = head.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    const text = (column: string) => cells[columns.indexOf(column)] ?? "";
    const figure = (column: string) => Number(text(column)) || 0;
    return {
      database: text("database"),
      user: text("user"),
      clientsActive: figure("cl_active"),
      clientsWaiting: figure("cl_waiting"),
      serversActive: figure("sv_active"),
      waitSecondsMax: figure("maxwait"),
    };
  });
}

async function execute(kubeConfig: KubeConfig, namespace: string, pod: string): Promise<string> {
  const output = collector();
  const errors = collector();
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => reject(new Error(`${pod} didn't answer in 30 s`)), DEADLINE_MS);
  try {
    const socket = await new Exec(kubeConfig).exec(
      namespace,
      pod,
      PGBOUNCER,
      SHOW_POOLS,
      output.stream,
      errors.stream,
      null,
      false,
      ({ status, message }) => {
        if (status === "Success") resolve(undefined);
        else reject(new Error(errors.text() || (message ?? "the console refused")));
      },
    );
    await promise;
    socket.close();
    return output.text();
  } finally {
    clearTimeout(timer);
  }
}

function collector() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString().trim() };
}
