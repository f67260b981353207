import { z } from "zod";
import { baseConfig, redisConfig } from "@jatra/common/config/base-config.ts";
import { services } from "@jatra/contracts/service-names.ts";
import type { CircuitSettings } from "./domain/circuit-settings.ts";

const seconds = z.number().positive().max(3_600);

const circuitSchema = z.object({
  failureThreshold: z.int().min(1).max(1_000).default(5),
  windowSeconds: seconds.default(30),
  openSeconds: seconds.default(30),
  halfOpenTimeoutSeconds: seconds.default(10),
});

export const circuitBreakerSchema = circuitSchema.extend({
  enabled: z.boolean().default(true),
  /** By the service's short name; what it doesn't name is as for all. */
  overrides: z
    .record(z.string(), circuitSchema.partial().extend({ enabled: z.boolean().optional() }))
    .default({}),
});
export type CircuitBreakerConfig = z.infer<typeof circuitBreakerSchema>;

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
});

const requests = z.int().min(1).max(1_000_000);

/** By operationId. */
export const rateLimitsSchema = z.record(
  z.string(),
  z.object({ requests, windowSeconds: z.int().min(1).max(3_600) }),
);

const { SERVICE_NAME, POD_NAME, PORT, LOG_LEVEL } = baseConfig;

export const configSchema = z.looseObject({
  SERVICE_NAME,
  POD_NAME,
  PORT,
  LOG_LEVEL,
  ...redisConfig,
  IDENTITY_PRIVATE_KEY: z.base64(),
  GUEST_HOLDS: z.stringbool().default(false),
  RATE_LIMIT_REQUESTS_PER_SECOND: z.coerce.number().pipe(requests).default(1_000),
  /** As many as an address where it isn't set. */
  RATE_LIMIT_USER_REQUESTS_PER_SECOND: z.coerce.number().pipe(requests).optional(),
  RATE_LIMIT_OPERATIONS: json.pipe(rateLimitsSchema).prefault("{}"),
  CIRCUIT_BREAKER: json.pipe(circuitBreakerSchema).prefault("{}"),
});
export type Config = z.infer<typeof configSchema>;

/** `AUTH_SERVICE_URL` …; a service without one answers at its own name, as inside the cluster. */
export const serviceUrl = (environment: Record<string, unknown>, service: string): string => {
  const given = environment[`${service.toUpperCase().replaceAll("-", "_")}_SERVICE_URL`];
  if (given !== undefined) return z.url().parse(given);
  const known = Object.entries(services).find(([name]) => name === service)?.[1];
  if (!known) throw new Error(`${service} is no service`);
  return `http://${known.deployment}:${known.port}`;
};

/** A service's circuit; `undefined` where it is switched off. */
export const circuitSettingsOf = (
  config: CircuitBreakerConfig,
  service: string,
): CircuitSettings | undefined => {
  const override = withoutUndefined(config.overrides[service] ?? {});
  const settings = { ...config, ...override };
  if (!settings.enabled) return undefined;
  return {
    failureThreshold: settings.failureThreshold,
    windowMs: settings.windowSeconds * 1000,
    openMs: settings.openSeconds * 1000,
    halfOpenTimeoutMs: settings.halfOpenTimeoutSeconds * 1000,
  };
};

const withoutUndefined = <T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
