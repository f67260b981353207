import { z } from "zod";
import { imageReference, objectName, secretReference, validated } from "./fields.ts";
import { gateway, knownServiceNames } from "./gateway.ts";
import { rollout } from "./rollout.ts";
import { serviceSettings } from "./service-settings.ts";
import { pgbouncer, postgres, rabbitmq, redis, typeIsForLife } from "./stores.ts";

const image = z
  .object({
    repository: imageReference
      .optional()
      .describe(
        "Prefix of every image, stores included. Default: where the operator was told they are.",
      ),
    tag: z
      .string()
      .max(128)
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/)
      .optional()
      .describe("Default: the tag that came with the operator."),
    pullPolicy: z
      .enum(["IfNotPresent", "Always", "Never"])
      .optional()
      .describe("When nodes fetch an image. Default IfNotPresent."),
    pullSecrets: z
      .array(objectName)
      .max(8)
      .optional()
      .describe("Names of Secrets with registries' logins (type kubernetes.io/dockerconfigjson)."),
    overrides: z
      .record(z.string(), imageReference)
      .meta({ maxProperties: 32 })
      .optional()
      .describe("Full references by image name (booking-service, postgres, …), for mirrors."),
  })
  .describe("Where images come from.");

const payments = z
  .object({
    provider: z
      .enum(["simulator", "sslcommerz"])
      .optional()
      .describe("The simulator takes no money and runs beside the services. Default simulator."),
    secretRef: secretReference
      .optional()
      .describe("Keys provider-key and webhook-secret; generated for the simulator."),
    maxRetries: z
      .int()
      .min(0)
      .max(10)
      .optional()
      .describe("How often a payment that the provider didn't answer is sent again. Default 3."),
    deadlineSeconds: z
      .int()
      .min(30)
      .max(86_400)
      .optional()
      .describe("After this a booking that isn't paid fails, and its seats are free. Default 300."),
  })
  .meta(
    validated({
      rule: "!has(self.provider) || self.provider == 'simulator' || has(self.secretRef)",
      message:
        "payments.secretRef is needed with provider sslcommerz: name the Secret of its login",
    }),
  )
  .describe("Who takes the money, how often it is tried and for how long.");

const seatLocks = z
  .object({
    ttlSeconds: z
      .int()
      .min(10)
      .max(86_400)
      .optional()
      .describe("How long a hold lasts. Default 600."),
    maxSeats: z.int().min(1).max(50).optional().describe("Seats in one lock. Default 4."),
    maxHoldSeconds: z
      .int()
      .min(10)
      .max(172_800)
      .optional()
      .describe("Age a hold may reach by extending it. Default 1800."),
  })
  .meta(
    validated({
      rule: "(has(self.ttlSeconds) ? self.ttlSeconds : 600) <= (has(self.maxHoldSeconds) ? self.maxHoldSeconds : 1800)",
      message:
        "seatLocks.ttlSeconds is greater than maxHoldSeconds (600 and 1800 where not set): lower the first or raise the second",
    }),
  )
  .describe("How long seats are held, and how many.");

const idempotency = z
  .object({
    ttlSeconds: z
      .int()
      .min(60)
      .max(2_592_000)
      .optional()
      .describe("How long an answer is kept under its key. Default 86400."),
    lockSeconds: z
      .int()
      .min(5)
      .max(600)
      .optional()
      .describe(
        "How long a request may be at work under a key before another may try. Default 30.",
      ),
  })
  .meta(
    validated({
      rule: "(has(self.lockSeconds) ? self.lockSeconds : 30) <= (has(self.ttlSeconds) ? self.ttlSeconds : 86400)",
      message:
        "idempotency.lockSeconds is greater than ttlSeconds: lower the first or raise the second",
    }),
  )
  .describe("How long a repeated request gets the first answer again.");

const monitoring = z
  .object({
    enabled: z
      .boolean()
      .optional()
      .describe("ServiceMonitors and rules, where the cluster knows those kinds. Default true."),
    labels: z
      .record(z.string(), z.string().max(63))
      .meta({ maxProperties: 8 })
      .optional()
      .describe("Labels that your Prometheus selects monitors by."),
  })
  .describe("What is made for the Prometheus operator.");

/** What a person may write; every field optional. Defaults are in desired/resolve. */
export const platformSpec = z
  .object({
    image: image.optional(),
    gateway: gateway.optional(),
    services: z
      .record(z.string(), serviceSettings)
      .meta({ maxProperties: 16, ...knownServiceNames("services") })
      .optional()
      .describe("Settings of single services, by short name."),
    postgres: postgres.optional(),
    redis: redis.optional(),
    rabbitmq: rabbitmq.optional(),
    pgbouncer: pgbouncer.optional(),
    seatLocks: seatLocks.optional(),
    idempotency: idempotency.optional(),
    payments: payments.optional(),
    rollout: rollout.optional(),
    monitoring: monitoring.optional(),
    paused: z.boolean().optional().describe("While true, the operator changes nothing."),
    deletionPolicy: z
      .enum(["Retain", "Delete"])
      .optional()
      .describe("What happens to volumes and their Secrets with the resource. Default Retain."),
  })
  .meta(validated(...["postgres", "redis", "rabbitmq"].map(typeIsForLife)));

export type PlatformSpec = z.infer<typeof platformSpec>;
