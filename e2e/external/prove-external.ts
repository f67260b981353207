import { cpus, loadavg } from "node:os";
import { SERVICES } from "../../operator/src/metadata/services.ts";
import { formatTable } from "../chaos/format-table.ts";
import { Failure } from "../cluster/failure.ts";
import { phase, say } from "../cluster/progress.ts";
import { CommandFailed } from "../cluster/run-command.ts";
import { waitUntilReady } from "../cluster/platform-ready.ts";
import { walkThrough } from "../cluster/walk-through.ts";
import type { Certificates } from "./certificates.ts";
import {
  apply,
  cluster,
  installedImages,
  kubectlIn,
  namespace,
  nodeAddress,
  PLATFORM,
  secret,
  STORES,
} from "./on-cluster.ts";
import { conditions, conditionWith, NODE_PORT, platformWith, SECRETS, until } from "./platform.ts";
import { PASSWORDS, psql, rabbitmqctl, redisCli, REDIS_PORTS, startStores } from "./stores.ts";

type Row = { readonly what: string; readonly seen: string; readonly seconds: number };
type Step = { readonly what: string; readonly look: () => Promise<string> };

/**
 * A second platform on the cluster of `npm run up`, whose PostgreSQL, Redis Cluster and RabbitMQ are somebody else's: from Secrets that
 * are missing to a ticket, new passwords, and its end. Prints what was seen; false where a step didn't go as promised.
 */
export const proveExternal = async ({ only }: { readonly only: string }): Promise<boolean> => {
  if (only !== "")
    throw new Failure("The steps of external build on each other: --only isn't for them.");
  const images = await phase("the cluster of npm run up", installedImages);
  await phase("nothing is left of a run before", removeAll);
  const rows: Row[] = [];
  try {
    const certificates = await phase("stores by TLS", () => startStores(images));
    const url = `http://${await nodeAddress()}:${NODE_PORT}`;
    await takeSteps(stepsOf(certificates, url, images.tag), rows);
    return true;
  } finally {
    const cells = rows.map(({ what, seen, seconds }) => [what, seen, seconds.toFixed(1)]);
    console.log(`\n${formatTable([["what", "seen", "s"], ...cells])}\n\n${machine()}`);
    await phase("everything is removed", removeAll);
  }
};

const machine = (): string => {
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return `${cpus().length} cores, load average ${load}, Node ${process.versions.node}, ${new Date().toISOString()}`;
};

const takeSteps = async (steps: readonly Step[], rows: Row[]): Promise<void> => {
  for (const { what, look } of steps) {
    const startedMs = performance.now();
    const seconds = () => (performance.now() - startedMs) / 1000;
    try {
      rows.push({ what, seen: await phase(what, look), seconds: seconds() });
    } catch (error) {
      rows.push({ what, seen: "**not so**", seconds: seconds() });
      for (const { type, status, message } of await conditions()) {
        say(`    ${type}=${status} ${message}`);
      }
      throw error;
    }
  }
};

const removeAll = async (): Promise<void> => {
  const args = ["delete", "namespace", PLATFORM, STORES, "--ignore-not-found", "--timeout=200s"];
  await kubectlIn("default", ...args);
};

const stepsOf = (certificates: Certificates, url: string, tag: string): Step[] => {
  let counted: Contents;
  return [
    {
      what: "without Secrets",
      look: async () => {
        await apply(PLATFORM, [namespace(PLATFORM)]);
        await apply(PLATFORM, [
          platformWith(
            url,
            SERVICES.map(({ key }) => key),
          ),
        ]);
        const { message } = await conditionWith("Degraded", "True", Object.values(SECRETS));
        const pods = await kubectlIn(PLATFORM, "get", "pods", "-o", "name");
        if (pods !== "") throw new Failure(`Pods were made: ${pods}`);
        return `no pod; Degraded names ${message.match(/Secret \S+/g)?.length} Secrets`;
      },
    },
    { what: "Secrets with a wrong key", look: () => wrongKeys(certificates) },
    {
      what: "a login that PostgreSQL and RabbitMQ refuse",
      look: async () => {
        await applyLogins({ postgres: "wrong", management: "wrong" });
        const database = ["Failed", SECRETS.postgres, "kubectl logs job/"];
        await conditionWith("DatabaseReady", "False", database, 120_000);
        await conditionWith("MessagingReady", "False", ["refuses", SECRETS.management]);
        return "DatabaseReady and MessagingReady name the Secret";
      },
    },
    {
      what: "right Secrets: Ready",
      look: async () => {
        await applyLogins({});
        await waitUntilReady(cluster, tag, PLATFORM);
        return `13 services, 12 migrations; ${await secureSessions()}`;
      },
    },
    { what: "a ticket", look: () => bookTicket(url) },
    {
      what: "Redis Cluster: keys on its nodes",
      look: async () => {
        const sizes = await Promise.all(REDIS_PORTS.map((port) => redisCli(port, "dbsize")));
        const used = sizes.filter((size) => Number(size) > 0).length;
        if (used < 2) throw new Failure(`Keys on the nodes: ${sizes.join(", ")}`);
        return sizes.join(", ");
      },
    },
    { what: "External to Embedded", look: refusedSwitch },
    {
      what: "new passwords of PostgreSQL's admin and RabbitMQ's services: Ready again",
      look: () => rotate(tag),
    },
    { what: "another ticket", look: () => bookTicket(url) },
    {
      what: "the platform is deleted",
      look: async () => {
        counted = await contents();
        await kubectlIn(PLATFORM, "delete", "jatraplatform", "jatra", "--timeout=60s");
        await until("its objects go", 120_000, async () => {
          const kinds = "deploy,job,svc,cm,networkpolicy,pod";
          const left = await kubectlIn(PLATFORM, "get", kinds, "-o", "name");
          return left.trim() === "configmap/kube-root-ca.crt" ? true : undefined;
        });
        return "no workload is left";
      },
    },
    {
      what: "the stores' data",
      look: async () => {
        const left = await contents();
        if (JSON.stringify(left) !== JSON.stringify(counted)) {
          throw new Failure(`${JSON.stringify(counted)} became ${JSON.stringify(left)}.`);
        }
        return `${left.databases} databases, ${left.bookings} bookings, ${left.queues} queues as before`;
      },
    },
  ];
};

/** Keys by other names than ours, an empty one, and an authority that is no certificate. */
const wrongKeys = async ({ authority }: Certificates): Promise<string> => {
  const broken = authority.replace("BEGIN", "BEGUN");
  await apply(PLATFORM, [
    secret(SECRETS.authority, { "ca.crt": broken }),
    secret(SECRETS.postgres, { user: "jatra_admin", password: PASSWORDS.postgres }),
    secret(SECRETS.redis, { password: "" }),
    secret(SECRETS.rabbitmq, { username: "services" }),
    secret(SECRETS.management, { username: "declarer", pass: PASSWORDS.management }),
  ]);
  const words = [
    `Secret ${SECRETS.postgres} (spec.postgres.external.secretRef) has no value for key username`,
    `Secret ${SECRETS.redis} (spec.redis.external.secretRef) has no value for key password`,
    `Secret ${SECRETS.rabbitmq} (spec.rabbitmq.external.secretRef) has no value for key password`,
    `Secret ${SECRETS.management} (spec.rabbitmq.external.management.secretRef) has no value for key password`,
    `Secret ${SECRETS.authority} (spec.postgres.external.caSecretRef) has no PEM certificate`,
  ];
  const { message } = await conditionWith("Degraded", "True", words);
  await conditionWith("DatabaseReady", "False", [words[0] ?? ""]);
  await conditionWith("MessagingReady", "False", words.slice(2, 4));
  await conditionWith("Ready", "False", words.slice(0, 4));
  const leaked = Object.values(PASSWORDS).find((password) => message.includes(password));
  if (leaked !== undefined) throw new Failure("A password stands in the status.");
  await apply(PLATFORM, [secret(SECRETS.authority, { "ca.crt": authority })]);
  return "each is named with its key and field";
};

const applyLogins = async (but: Partial<Record<keyof typeof PASSWORDS, string>>): Promise<void> => {
  const password = { ...PASSWORDS, ...but };
  await apply(PLATFORM, [
    secret(SECRETS.postgres, { username: "jatra_admin", password: password.postgres }),
    secret(SECRETS.redis, { password: password.redis }),
    secret(SECRETS.rabbitmq, { username: "services", password: password.services }),
    secret(SECRETS.management, { username: "declarer", password: password.management }),
  ]);
};

const bookTicket = async (url: string): Promise<string> => {
  const { ticketIds } = await walkThrough(url, () => undefined);
  return `CONFIRMED, ${ticketIds.length} tickets`;
};

/** How the sessions came that aren't local to PostgreSQL's own pod. */
const secureSessions = async (): Promise<string> => {
  const from = "pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL";
  const counts = await psql(
    "postgres",
    `SELECT count(*) FILTER (WHERE ssl), count(*) FROM ${from}`,
  );
  const [secure = "", all = ""] = counts.split("|");
  if (secure !== all || all === "0") throw new Failure(`${secure} of ${all} sessions by TLS.`);
  return `${secure} of ${all} sessions in PostgreSQL by TLS`;
};

const refusedSwitch = async (): Promise<string> => {
  const patch = JSON.stringify({ spec: { redis: { type: "Embedded", external: null } } });
  try {
    await kubectlIn(PLATFORM, "patch", "jatraplatform", "jatra", "--type=merge", "-p", patch);
  } catch (error) {
    const words = "redis.type can't change: make a new platform in another namespace";
    if (error instanceof CommandFailed && error.output.includes(words)) return `«${words} …»`;
    throw error;
  }
  throw new Failure("The switch was taken.");
};

/** First the stores, then the Secrets, as a person would: until then whoever is connected stays so. */
const rotate = async (tag: string): Promise<string> => {
  const renewed = { postgres: "n€w/one?5", services: "n&w/two@:6" };
  await psql("postgres", `ALTER ROLE jatra_admin PASSWORD '${renewed.postgres}'`);
  await rabbitmqctl("change_password", "services", renewed.services);
  const templates = () =>
    kubectlIn(
      PLATFORM,
      "get",
      "deployment",
      "booking-service",
      "-o",
      "jsonpath={.metadata.generation}",
    );
  const before = await templates();
  const startedMs = performance.now();
  await applyLogins(renewed);
  await until("booking-service gets new pods", 60_000, async () =>
    (await templates()) === before ? undefined : true,
  );
  const noticedSeconds = (performance.now() - startedMs) / 1000;
  await conditionWith("Progressing", "True", []);
  await waitUntilReady(cluster, tag, PLATFORM);
  return `new pods asked for after ${noticedSeconds.toFixed(1)} s`;
};

type Contents = { readonly databases: number; readonly bookings: number; readonly queues: number };

const contents = async (): Promise<Contents> => ({
  databases: Number(
    await psql("postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE '%_db'"),
  ),
  bookings: Number(await psql("booking_db", "SELECT count(*) FROM bookings")),
  queues: (await rabbitmqctl("list_queues", "name", "--no-table-headers")).trim().split("\n")
    .length,
});
