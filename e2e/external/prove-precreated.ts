import { Failure } from "../cluster/failure.ts";
import { waitUntilReady } from "../cluster/platform-ready.ts";
import { conditionWith, until } from "./conditions.ts";
import { endSteps } from "./end-steps.ts";
import { GIVEN_DATABASES, loginSecret, statementsThatMake } from "./given-databases.ts";
import { renewLogin } from "./renew-login.ts";
import { apply, cluster, kubectlIn, PLATFORM } from "./on-cluster.ts";
import { applyPlatform } from "./platform.ts";
import { bookTicket, noPods, secureSessions } from "./sights.ts";
import { psql } from "./store-commands.ts";
import { authoritySecret, cacheAndBrokerSecrets } from "./store-secrets.ts";
import { takeSteps, type Stage, type Step } from "./take-steps.ts";

const booking = GIVEN_DATABASES.find(({ database }) => database === "booking_db");
if (booking === undefined) throw new Failure("booking-service has no database of its own.");

/**
 * The platform of `prove -- external`, whose databases and logins somebody has made as well: nobody gives it a login that may make
 * any. From Secrets that are missing to a ticket, another login, and its end.
 */
export const provePrecreated = async ({ only }: { readonly only: string }): Promise<boolean> => {
  const inPostgres = statementsThatMake(GIVEN_DATABASES);
  return await takeSteps({ name: "precreated", inPostgres, stepsOf }, only);
};

const stepsOf = ({ certificates, tag }: Stage): Step[] => [
  {
    what: "without Secrets",
    look: async () => {
      await applyPlatform({ databases: "Precreated" });
      const names = GIVEN_DATABASES.map(({ secretName }) => `Secret ${secretName} `);
      await conditionWith("DatabaseReady", "False", names);
      await noPods();
      return `no pod; DatabaseReady names ${names.length} Secrets of databases`;
    },
  },
  { what: "the Secret of one login is missing", look: () => oneMissing(certificates.authority) },
  { what: "a login that PostgreSQL refuses", look: refusedLogin },
  {
    what: "right Secrets: Ready",
    look: async () => {
      await apply(PLATFORM, [loginSecret(booking)]);
      await waitUntilReady(cluster, tag, PLATFORM);
      return `13 services, ${await migrationsAlone()} migrations; ${await secureSessions()}`;
    },
  },
  { what: "who is in PostgreSQL", look: ownersAlone },
  { what: "a ticket", look: bookTicket },
  {
    what: "another login of booking-service, while tickets are sold",
    look: () => renewLogin(booking, { tag }),
  },
  { what: "another ticket", look: bookTicket },
  ...endSteps(),
];

const oneMissing = async (authority: string): Promise<string> => {
  const others = GIVEN_DATABASES.filter((given) => given !== booking);
  const logins = [...others.map(loginSecret), ...cacheAndBrokerSecrets()];
  await apply(PLATFORM, [authoritySecret(authority), ...logins]);
  const words = `Secret ${booking.secretName} (spec.postgres.external.databases) doesn't exist`;
  const { message } = await until("it alone is named", 60_000, async () => {
    const found = await conditionWith("DatabaseReady", "False", [words]);
    const isAlone = others.every(({ secretName }) => !found.message.includes(secretName));
    return isAlone ? found : undefined;
  });
  await conditionWith("Degraded", "True", [words]);
  await noPods();
  return `«${message}»`;
};

/** Right at first sight, and of nobody: the operator can't know, the migration does. */
const refusedLogin = async (): Promise<string> => {
  const login = { ...booking.login, password: "wrong" };
  await apply(PLATFORM, [loginSecret({ ...booking, login })]);
  const words = [`The migrations of ${booking.service} don't get through`, booking.secretName];
  const { message } = await conditionWith("DatabaseReady", "False", words, 120_000);
  return `«${message.replace(/[0-9a-f]{10}/, "…")}»`;
};

/** How many Jobs there are, each the migration of a service with a database; and nothing that would make databases. */
const migrationsAlone = async (): Promise<number> => {
  const kinds = "jobs,configmaps,secrets";
  const found = (await kubectlIn(PLATFORM, "get", kinds, "-o", "name")).split("\n");
  const makers = found.filter((name) => /bootstrap|postgres-(admin|credentials)/.test(name));
  const jobs = found.filter((name) => name.startsWith("job."));
  const services = GIVEN_DATABASES.map(({ service }) => `job.batch/${service}-migration-`);
  const isEach = services.every((start) => jobs.some((name) => name.startsWith(start)));
  if (makers.length > 0 || !isEach || jobs.length !== services.length) {
    throw new Failure(`There are ${[...makers, ...jobs].join(", ")}`);
  }
  return jobs.length;
};

/** The services' sessions are those of the owners, none of whom may make a database or a role, or see another's. */
const ownersAlone = async (): Promise<string> => {
  const sessions = "pg_stat_activity WHERE client_addr IS NOT NULL";
  const users = (await psql("postgres", `SELECT DISTINCT usename FROM ${sessions}`)).split("\n");
  const owners = new Set(GIVEN_DATABASES.map(({ login }) => login.username));
  const strangers = users.filter((user) => !owners.has(user));
  const mighty = await psql(
    "postgres",
    "SELECT count(*) FROM pg_roles WHERE (rolcreatedb OR rolcreaterole) AND rolname <> 'postgres'",
  );
  if (strangers.length > 0 || mighty !== "0") {
    throw new Failure(`Others log in: ${strangers.join(", ")}; ${mighty} may make databases.`);
  }
  return `${users.length} of ${owners.size} owners, nobody else; none may make databases or roles`;
};
