import { Failure } from "../cluster/failure.ts";
import { waitUntilReady } from "../cluster/platform-ready.ts";
import { CommandFailed } from "../cluster/run-command.ts";
import type { Certificates } from "./certificates.ts";
import { conditionWith, until } from "./conditions.ts";
import { endSteps } from "./end-steps.ts";
import { apply, cluster, kubectlIn, PLATFORM, secret } from "./on-cluster.ts";
import { applyPlatform } from "./platform.ts";
import { bookTicket, generationOf, noPods, secureSessions } from "./sights.ts";
import { PASSWORDS, psql, rabbitmqctl, redisCli, REDIS_PORTS } from "./store-commands.ts";
import { adminSecret, authoritySecret, cacheAndBrokerSecrets, SECRETS } from "./store-secrets.ts";
import { takeSteps, type Stage, type Step } from "./take-steps.ts";

/** No superuser: a managed PostgreSQL gives none. */
const ADMIN = `CREATE ROLE jatra_admin LOGIN CREATEDB CREATEROLE PASSWORD '${PASSWORDS.postgres}'`;

/**
 * A second platform on the cluster of `npm run up`, whose PostgreSQL, Redis Cluster and RabbitMQ are somebody else's: from Secrets that
 * are missing to a ticket, new passwords, and its end. Prints what was seen; false where a step didn't go as promised.
 */
export const proveExternal = async ({ only }: { readonly only: string }): Promise<boolean> =>
  await takeSteps({ name: "external", inPostgres: [ADMIN], stepsOf }, only);

const stepsOf = ({ certificates, tag }: Stage): Step[] => [
  {
    what: "without Secrets",
    look: async () => {
      await applyPlatform({ secretRef: { name: SECRETS.postgres } });
      const { message } = await conditionWith("Degraded", "True", Object.values(SECRETS));
      await noPods();
      return `no pod; Degraded names ${new Set(message.match(/Secret \S+/g)).size} Secrets`;
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
  { what: "a ticket", look: bookTicket },
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
  { what: "another ticket", look: bookTicket },
  ...endSteps(),
];

/** Keys by other names than ours, an empty one, and an authority that is no certificate. */
const wrongKeys = async ({ authority }: Certificates): Promise<string> => {
  const broken = authority.replace("BEGIN", "BEGUN");
  await apply(PLATFORM, [
    authoritySecret(broken),
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
  await apply(PLATFORM, [authoritySecret(authority)]);
  return "each is named with its key and field";
};

const applyLogins = async (but: Partial<Record<keyof typeof PASSWORDS, string>>): Promise<void> => {
  const passwords = { ...PASSWORDS, ...but };
  await apply(PLATFORM, [adminSecret(passwords), ...cacheAndBrokerSecrets(passwords)]);
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
  const before = await generationOf("booking-service");
  const startedMs = performance.now();
  await applyLogins(renewed);
  await until("booking-service gets new pods", 60_000, async () =>
    (await generationOf("booking-service")) === before ? undefined : true,
  );
  const noticedSeconds = (performance.now() - startedMs) / 1000;
  await conditionWith("Progressing", "True", []);
  await waitUntilReady(cluster, tag, PLATFORM);
  return `new pods asked for after ${noticedSeconds.toFixed(1)} s`;
};
