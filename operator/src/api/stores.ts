import { z } from "zod";
import { hostName, port, resources, secretReference, validated, type CelRule } from "./fields.ts";
import { storage } from "./service-settings.ts";

const storeType = z.enum(["Embedded", "External"]).optional();

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

const embedded = z.object({ storage: storage.optional(), resources: resources.optional() });

export const postgres = z
  .object({
    type: storeType,
    embedded: embedded.optional(),
    external: z
      .object({
        host: hostName,
        port: port.optional(),
        tls: z.boolean().optional(),
        secretRef: secretReference.describe(
          "Login that may create databases and roles: keys username and password.",
        ),
      })
      .optional(),
  })
  .meta(branchRules("postgres"));

export const redis = z
  .object({
    type: storeType,
    embedded: embedded.optional(),
    external: z
      .object({
        host: hostName,
        port: port.optional(),
        tls: z.boolean().optional(),
        secretRef: secretReference.describe("Key password."),
      })
      .optional(),
  })
  .meta(branchRules("redis"));

export const rabbitmq = z
  .object({
    type: storeType,
    embedded: embedded.optional(),
    external: z
      .object({
        host: hostName,
        port: port.optional(),
        tls: z.boolean().optional(),
        secretRef: secretReference.describe("Login of the services: keys username and password."),
        management: z.object({
          url: z
            .string()
            .max(512)
            .regex(/^https?:\/\/[^\s/]+$/)
            .describe("Management API, for example https://broker.example.com:15671."),
          secretRef: secretReference.describe(
            "Login that may declare queues and policies: keys username and password.",
          ),
        }),
      })
      .optional(),
  })
  .meta(branchRules("rabbitmq"));

export const pgbouncer = z
  .object({
    replicas: z.int().min(1).max(8).optional().describe("Default 1."),
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
    poolMode: z.enum(["transaction", "session"]).optional().describe("Default transaction."),
    resources: resources.optional(),
  })
  .meta(
    validated({
      rule: "(has(self.maxServerConnections) ? self.maxServerConnections : 100) <= (has(self.maxClientConnections) ? self.maxClientConnections : 1000)",
      message:
        "pgbouncer.maxServerConnections is greater than maxClientConnections (100 and 1000 where not set): a pool that opens more connections than it accepts serves nobody",
    }),
  );
