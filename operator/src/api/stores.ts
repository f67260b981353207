import { z } from "zod";
import { hostName, port, resources, secretReference, validated, type CelRule } from "./fields.ts";
import { storage } from "./service-settings.ts";

const storeType = z
  .enum(["Embedded", "External"])
  .optional()
  .describe("Who runs it: the operator, or somebody else. For life. Default Embedded.");

/** Rule of the whole spec: a store's type is for life, also where it was left to the default. */
export function typeIsForLife(store: string): CelRule {
  const typeOf = (spec: string) =>
    `(has(${spec}.${store}) && has(${spec}.${store}.type) ? ${spec}.${store}.type : 'Embedded')`;
  return {
    rule: `${typeOf("self")} == ${typeOf("oldSelf")}`,
    message: `${store}.type can't change: make a new platform in another namespace and move the data`,
  };
}

/** Rules that hold for each store: the branch belongs to the type. */
function branchRules(store: string) {
  const external = "has(self.type) && self.type == 'External'";
  return validated(
    {
      rule: `has(self.external) == (${external})`,
      message: `${store}: set external together with type External, and only then`,
    },
    {
      rule: `!has(self.embedded) || !(${external})`,
      message: `${store}: embedded belongs to type Embedded; remove it or change the type`,
    },
  );
}

const embedded = z
  .object({ storage: storage.optional(), resources: resources.optional() })
  .describe("The store that the operator runs itself: one replica, no backup.");

const host = hostName.describe("Name or address; with tls the name its certificate has to carry.");
const tls = z
  .boolean()
  .optional()
  .describe("Whether to connect by TLS and check the certificate. Default true.");
const caSecretRef = secretReference
  .optional()
  .describe(
    "Key ca.crt: PEM certificates of the authorities that signed the server's. Default: those that public sites use.",
  );

/** An authority that nobody asks for is a mistake: most likely TLS was meant to be on. */
function authorityRule(store: string): CelRule {
  return {
    rule: "!has(self.caSecretRef) || !has(self.tls) || self.tls",
    message: `${store}.external.caSecretRef is for TLS: remove it or set tls to true`,
  };
}

const isPrecreated = (external: string) =>
  `(has(${external}.databases) && ${external}.databases == 'Precreated')`;

/** Who may make databases needs a login for it; who may not has no use for one. */
const DATABASE_RULES: readonly CelRule[] = [
  {
    rule: `has(self.secretRef) != ${isPrecreated("self")}`,
    message:
      "postgres.external: set secretRef, a login that may make databases and roles, or databases to Precreated, and not both",
  },
  {
    rule: `${isPrecreated("self")} == ${isPrecreated("oldSelf")}`,
    message:
      "postgres.external.databases can't change: make a new platform in another namespace and move the data",
  },
];

export const postgres = z
  .object({
    type: storeType,
    embedded: embedded.optional(),
    external: z
      .object({
        host,
        port: port.optional().describe("Default 5432."),
        tls,
        caSecretRef,
        secretRef: secretReference
          .optional()
          .describe(
            "Keys username and password: a login that may create databases and roles. The services' own logins are made by it.",
          ),
        databases: z
          .enum(["Created", "Precreated"])
          .optional()
          .describe(
            "Precreated: databases and logins are there already. Each service's Secret <service>-database (booking-service-database, …) then holds username and password of the owner of its database (booking_db, …). For life. Default Created.",
          ),
      })
      .meta(validated(authorityRule("postgres"), ...DATABASE_RULES))
      .optional()
      .describe("A PostgreSQL that is there already. The databases in it are never dropped."),
  })
  .meta(branchRules("postgres"))
  .describe("The database server. PgBouncer stands between it and the services.");

export const redis = z
  .object({
    type: storeType,
    embedded: embedded.optional(),
    external: z
      .object({
        host,
        port: port.optional().describe("Default 6379."),
        tls,
        caSecretRef,
        cluster: z
          .boolean()
          .optional()
          .describe(
            "Whether it is a Redis Cluster; host and port are then any node's. Default false.",
          ),
        secretRef: secretReference.describe("Key password, and username where it isn't default."),
      })
      .meta(validated(authorityRule("redis")))
      .optional()
      .describe(
        "A Redis that is there already. It must not evict keys (maxmemory-policy noeviction).",
      ),
  })
  .meta(branchRules("redis"))
  .describe(
    "Seat locks, copies of idempotent answers, rate limits, what gateway pods tell each other.",
  );

export const rabbitmq = z
  .object({
    type: storeType,
    embedded: embedded.optional(),
    external: z
      .object({
        host,
        port: port.optional().describe("AMQP. Default 5671, without tls 5672."),
        tls,
        caSecretRef,
        secretRef: secretReference.describe(
          "Keys username and password: the services' login, which reads and writes in vhost /.",
        ),
        management: z
          .object({
            url: z
              .string()
              .max(512)
              .regex(/^https?:\/\/[^\s/]+$/)
              .describe(
                "For example https://broker.example.com:15671; caSecretRef is for it, too.",
              ),
            secretRef: secretReference.describe(
              "Keys username and password: a login that may declare exchanges, queues and policies in vhost /.",
            ),
          })
          .describe("The management API, by which the operator declares and watches the topology."),
      })
      .optional()
      .describe("A RabbitMQ that is there already."),
  })
  .meta(branchRules("rabbitmq"))
  .describe("The broker between the services.");

export const pgbouncer = z
  .object({
    replicas: z
      .int()
      .min(1)
      .max(8)
      .optional()
      .describe("Pods; they share maxServerConnections. Default 1."),
    maxClientConnections: z
      .int()
      .min(50)
      .max(20_000)
      .optional()
      .describe("Clients each pod accepts. Default 1000."),
    maxServerConnections: z
      .int()
      .min(20)
      .max(5000)
      .optional()
      .describe("Connections to PostgreSQL over all pods and databases. Default 100."),
    poolMode: z
      .enum(["transaction", "session"])
      .optional()
      .describe(
        "When a server connection goes to the next client: after a transaction or when the client leaves. Default transaction.",
      ),
    resources: resources.optional(),
  })
  .meta(
    validated({
      rule: "(has(self.maxServerConnections) ? self.maxServerConnections : 100) <= (has(self.maxClientConnections) ? self.maxClientConnections : 1000)",
      message:
        "pgbouncer.maxServerConnections is greater than maxClientConnections (100 and 1000 where not set): a pool that opens more connections than it accepts serves nobody",
    }),
  )
  .describe("The connection pool between the services and PostgreSQL.");
