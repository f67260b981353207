import { z } from "zod";
import { SERVICE_KEYS } from "../metadata/services.ts";
import { hostName, objectName, validated } from "./fields.ts";

const breakerSettings = {
  enabled: z
    .boolean()
    .optional()
    .describe("False: every request goes to the service, however it fails. Default true."),
  failureThreshold: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      "Failures within the window, over all gateway pods, that open the circuit. Default 5.",
    ),
  windowSeconds: z
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe("How long a failure counts. Default 30."),
  openSeconds: z
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe("How long an open circuit refuses before it tries one request. Default 30."),
  halfOpenTimeoutSeconds: z
    .int()
    .min(1)
    .max(300)
    .optional()
    .describe("How long that request may take. Default 10."),
};

const circuitBreaker = z
  .object({
    ...breakerSettings,
    overrides: z
      .record(z.string(), z.object(breakerSettings))
      .meta({ maxProperties: 16, ...knownServiceNames("gateway.circuitBreaker.overrides") })
      .optional()
      .describe("Other settings for single services, by short name."),
  })
  .describe("When the gateway stops asking a service that fails, and when it tries again.");

const requestCount = z.int().min(1).max(1_000_000);

const rateLimit = z
  .object({
    requestsPerSecond: requestCount
      .optional()
      .describe("Requests one client address may send. Default 100."),
    userRequestsPerSecond: requestCount
      .optional()
      .describe(
        "Requests one signed-in user may send, from whatever address. Default as requestsPerSecond.",
      ),
    operations: z
      .record(
        z.string(),
        z.object({
          requests: requestCount.describe(
            "For each user, or for each address where none is known.",
          ),
          windowSeconds: z.int().min(1).max(3600).optional().describe("Default 60."),
        }),
      )
      .meta({ maxProperties: 64 })
      .optional()
      .describe(
        "Limits of single operations by their operationId in the API documents. Default login 60 " +
          "and register 20 a minute; what is named here is added or takes their place.",
      ),
  })
  .describe("How many requests the gateway takes, counted over all of its pods.");

export const gateway = z
  .object({
    type: z
      .enum(["ClusterIP", "NodePort", "LoadBalancer"])
      .optional()
      .describe("Type of the gateway's Service. Default NodePort."),
    nodePort: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe(
        "Port on every node. Default 30000 for type NodePort; for LoadBalancer the cluster picks one.",
      ),
    publicURL: z
      .string()
      .max(512)
      .regex(/^https?:\/\/[^\s]+$/)
      .optional()
      .describe("Where people reach the gateway, when the operator can't know it."),
    ingress: z
      .object({
        host: hostName.describe("Name that people reach the gateway by."),
        ingressClassName: objectName
          .optional()
          .describe("Which ingress controller takes it. Default: the cluster's."),
        tlsSecretName: objectName
          .optional()
          .describe(
            "Secret of type kubernetes.io/tls with the host's certificate. Without one people come by http.",
          ),
      })
      .optional()
      .describe("Makes an Ingress to the gateway; an ingress controller has to be there."),
    guestHolds: z
      .boolean()
      .optional()
      .describe("Whether seats may be held without signing in. Default false."),
    rateLimit: rateLimit.optional(),
    circuitBreaker: circuitBreaker.optional(),
  })
  .meta(
    validated({
      rule: "!has(self.nodePort) || !has(self.type) || self.type != 'ClusterIP'",
      message: "gateway.nodePort needs type NodePort or LoadBalancer: remove it or change the type",
    }),
  )
  .describe("The one way in for people: its address, its limits, its circuit breakers.");

/** Rule for maps whose keys are services' short names. */
export function knownServiceNames(field: string) {
  const list = SERVICE_KEYS.map((key) => `'${key}'`).join(", ");
  return validated({
    rule: `self.all(name, name in [${list}])`,
    message: `${field} has a key that is no service: use ${SERVICE_KEYS.join(", ")}`,
  });
}
