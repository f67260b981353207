import {
  ADMIN_SECRET,
  AUTH_KEYS_SECRET,
  EXTERNAL_STORES_SECRET,
  IDENTITY_SECRET,
  INTERNAL_TOKEN_SECRET,
  TICKET_KEYS_SECRET,
} from "../metadata/names.ts";
import { databaseAddress } from "./database-address.ts";
import { fromPodField, fromSecret, fromSecretIfThere, plain } from "./environment.ts";
import { nodeAuthorities, RABBITMQ_URL_KEY, REDIS_URL_KEY } from "./external-stores.ts";
import type { Platform, PlatformService } from "./platform.ts";
import type { EnvironmentVariable } from "./kubernetes-types.ts";
import { FURTHER_KEYS } from "./secrets/rotate-ticket-key.ts";

/**
 * Environment of a service's container, as docs/architecture.md lists it. Variables that a URL
 * is put together from come before it: `$(NAME)` only sees what was defined earlier.
 */
export function serviceEnvironment(
  platform: Platform,
  service: PlatformService,
): EnvironmentVariable[] {
  const wanted = service.settings.env ?? [];
  const own = [
    ...commonVariables(service),
    ...databaseVariables(platform, service),
    ...storeVariables(platform, service),
    ...nodeAuthorities(platform).env,
    ...identityVariables(service),
    ...settingVariables(platform, service.facts.key),
    // A list of people's own counts alone: they may believe keys that the operator doesn't know.
  ].filter(({ name }) => name !== FURTHER_TICKET_KEYS || !hasFurtherKeys(service));
  const taken = new Set(own.map((variable) => variable.name));
  const more = wanted.filter((variable) => !taken.has(variable.name));
  return [
    ...own,
    ...more.map((variable) =>
      variable.secretKeyRef === undefined
        ? plain(variable.name, variable.value ?? "")
        : fromSecret(variable.name, variable.secretKeyRef.name, variable.secretKeyRef.key),
    ),
  ];
}

const FURTHER_TICKET_KEYS = "TICKET_FURTHER_KEYS";

/** Whether the spec lists the keys of tickets that are believed beside the one in use. */
export function hasFurtherKeys({ settings }: Pick<PlatformService, "settings">): boolean {
  return settings.env?.some(({ name }) => name === FURTHER_TICKET_KEYS) === true;
}

function commonVariables({ facts }: PlatformService): EnvironmentVariable[] {
  return [
    plain("PORT", facts.port),
    plain("SERVICE_NAME", facts.name),
    fromPodField("POD_NAME", "metadata.name"),
    plain("LOG_LEVEL", "info"),
  ];
}

function databaseVariables(
  platform: Platform,
  { facts, poolSize }: PlatformService,
): EnvironmentVariable[] {
  if (facts.database === undefined) return [];
  return [
    ...databaseAddress(platform, facts.name, "service", facts.database.name),
    plain("DATABASE_POOL_SIZE", poolSize),
  ];
}

function storeVariables(platform: Platform, { facts }: PlatformService): EnvironmentVariable[] {
  return [
    ...(facts.uses.includes("redis") ? redisVariables(platform) : []),
    ...(facts.uses.includes("rabbitmq") ? rabbitmqVariables(platform) : []),
  ];
}

function redisVariables({ redis }: Platform): EnvironmentVariable[] {
  if (redis.embedded === undefined) {
    return [fromSecret("REDIS_URL", EXTERNAL_STORES_SECRET, REDIS_URL_KEY)];
  }
  return [
    fromSecret("REDIS_PASSWORD", redis.secretName, "password"),
    plain("REDIS_URL", `redis://:$(REDIS_PASSWORD)@${redis.host}:${redis.port}/0`),
  ];
}

function rabbitmqVariables({ rabbitmq }: Platform): EnvironmentVariable[] {
  if (rabbitmq.embedded === undefined) {
    return [fromSecret("RABBITMQ_URL", EXTERNAL_STORES_SECRET, RABBITMQ_URL_KEY)];
  }
  const login = "$(RABBITMQ_USERNAME):$(RABBITMQ_PASSWORD)";
  return [
    fromSecret("RABBITMQ_USERNAME", rabbitmq.secretName, "username"),
    fromSecret("RABBITMQ_PASSWORD", rabbitmq.secretName, "password"),
    plain("RABBITMQ_URL", `amqp://${login}@${rabbitmq.host}:${rabbitmq.port}/`),
  ];
}

/** The gateway alone can sign identities; the services can only check them. */
function identityVariables({ facts }: PlatformService): EnvironmentVariable[] {
  if (facts.key === "payment-simulator") return [];
  const publicKey = fromSecret("IDENTITY_PUBLIC_KEY", IDENTITY_SECRET, "public-key");
  if (facts.key === "api-gateway") {
    return [fromSecret("IDENTITY_PRIVATE_KEY", IDENTITY_SECRET, "private-key"), publicKey];
  }
  return [publicKey, fromSecret("INTERNAL_TOKEN", INTERNAL_TOKEN_SECRET, "token")];
}

function settingVariables(platform: Platform, key: string): EnvironmentVariable[] {
  const { payments, gateway } = platform;
  switch (key) {
    case "api-gateway":
      return [
        plain("GUEST_HOLDS", gateway.guestHolds),
        plain("RATE_LIMIT_REQUESTS_PER_SECOND", gateway.rateLimit.requestsPerSecond),
        plain("RATE_LIMIT_USER_REQUESTS_PER_SECOND", gateway.rateLimit.userRequestsPerSecond),
        plain("RATE_LIMIT_OPERATIONS", JSON.stringify(gateway.rateLimit.operations)),
        plain("CIRCUIT_BREAKER", JSON.stringify(gateway.circuitBreaker)),
      ];
    case "auth":
      return [
        fromSecret("ADMIN_EMAIL", ADMIN_SECRET, "email"),
        fromSecret("ADMIN_PASSWORD", ADMIN_SECRET, "password"),
        fromSecret("KEY_ENCRYPTION_KEY", AUTH_KEYS_SECRET, "key-encryption-key"),
      ];
    case "ticket":
      return [
        fromSecret("TICKET_SIGNING_KEY", TICKET_KEYS_SECRET, "signing-key"),
        fromSecretIfThere(FURTHER_TICKET_KEYS, TICKET_KEYS_SECRET, FURTHER_KEYS),
      ];
    case "seat-reservation":
      return [
        plain("GUEST_HOLDS", gateway.guestHolds),
        plain("SEAT_LOCK_TTL_SECONDS", platform.seatLocks.ttlSeconds),
        plain("SEAT_LOCK_MAX_SEATS", platform.seatLocks.maxSeats),
        plain("SEAT_LOCK_MAX_HOLD_SECONDS", platform.seatLocks.maxHoldSeconds),
        ...idempotencyVariables(platform),
      ];
    case "booking":
      return [...paymentLimits(platform), ...idempotencyVariables(platform)];
    case "payment":
      return [
        plain("PAYMENT_PROVIDER", payments.provider),
        ...providerVariables(platform),
        ...paymentLimits(platform),
        ...idempotencyVariables(platform),
      ];
    case "payment-simulator":
      return providerVariables(platform);
    default:
      return [];
  }
}

function providerVariables({ payments }: Platform): EnvironmentVariable[] {
  return [
    fromSecret("PAYMENT_PROVIDER_KEY", payments.secretName, "provider-key"),
    fromSecret("PAYMENT_WEBHOOK_SECRET", payments.secretName, "webhook-secret"),
  ];
}

function paymentLimits({ payments }: Platform): EnvironmentVariable[] {
  return [
    plain("PAYMENT_DEADLINE_SECONDS", payments.deadlineSeconds),
    plain("PAYMENT_MAX_RETRIES", payments.maxRetries),
  ];
}

function idempotencyVariables({ idempotency }: Platform): EnvironmentVariable[] {
  return [
    plain("IDEMPOTENCY_TTL_SECONDS", idempotency.ttlSeconds),
    plain("IDEMPOTENCY_LOCK_SECONDS", idempotency.lockSeconds),
  ];
}
