import type { PlatformResource } from "../api/platform.ts";
import type { PlatformSpec } from "../api/spec.ts";
import { PAYMENT_PROVIDER_SECRET } from "../metadata/names.ts";
import { SERVICES } from "../metadata/services.ts";
import type { Gateway, Payments, Platform, RateLimit } from "./platform.ts";
import { resolveImage, type ImageDefaults } from "./resolve-image.ts";
import { resolveRollout } from "./rollout-settings.ts";
import { resolveService } from "./resolve-service.ts";
import { mergeResources, resolvePostgres, resolveRabbitmq, resolveRedis } from "./resolve-store.ts";

/** The guide's NodePort of the gateway. */
const GATEWAY_NODE_PORT = 30_000;
/** A person clicks a few times a second; a shared office address has dozens of people. */
const REQUESTS_PER_SECOND = 100;
const WINDOW_SECONDS = 60;
/**
 * An office signs in within minutes in the morning; trying a list of stolen passwords takes thousands. The lock-out of auth-service
 * is for one account, this for one address over all accounts. Each try also costs the hash of a password.
 */
const OPERATION_LIMITS = {
  login: { requests: 60, windowSeconds: WINDOW_SECONDS },
  register: { requests: 20, windowSeconds: WINDOW_SECONDS },
} satisfies RateLimit["operations"];

/**
 * Fills in every default, also those that depend on the service. Pure; the resource has been
 * checked against the schema. Defaults live here and not in the CRD, so that an older resource
 * gets a newer operator's defaults and `kubectl get -o yaml` shows what a person wrote.
 */
export function resolve(resource: PlatformResource, defaults: ImageDefaults): Platform {
  const { metadata, spec } = resource;
  const image = (name: string) => resolveImage(name, spec.image, defaults);
  const payments = resolvePayments(spec);
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    generation: metadata.generation,
    version: spec.image?.tag ?? defaults.tag,
    images: {
      pullPolicy: spec.image?.pullPolicy ?? "IfNotPresent",
      pullSecrets: spec.image?.pullSecrets ?? [],
    },
    gateway: resolveGateway(spec),
    services: SERVICES.filter(
      (facts) => facts.key !== "payment-simulator" || payments.provider === "simulator",
    ).map((facts) => resolveService(facts, spec.services?.[facts.key], image(facts.name))),
    postgres: resolvePostgres(spec.postgres, image("postgres")),
    redis: resolveRedis(spec.redis, image("redis")),
    rabbitmq: resolveRabbitmq(spec.rabbitmq, image("rabbitmq"), metadata.namespace),
    pgbouncer: {
      image: image("pgbouncer"),
      replicas: spec.pgbouncer?.replicas ?? 1,
      resources: mergeResources(spec.pgbouncer?.resources, {
        requests: { cpu: "100m", memory: "32Mi" },
        limits: { cpu: "1", memory: "256Mi" },
      }),
      maxClientConnections: spec.pgbouncer?.maxClientConnections ?? 1000,
      maxServerConnections: spec.pgbouncer?.maxServerConnections ?? 100,
      poolMode: spec.pgbouncer?.poolMode ?? "transaction",
    },
    seatLocks: {
      ttlSeconds: spec.seatLocks?.ttlSeconds ?? 600,
      maxSeats: spec.seatLocks?.maxSeats ?? 4,
      maxHoldSeconds: spec.seatLocks?.maxHoldSeconds ?? 1800,
    },
    idempotency: {
      ttlSeconds: spec.idempotency?.ttlSeconds ?? 86_400,
      lockSeconds: spec.idempotency?.lockSeconds ?? 30,
    },
    payments,
    monitoring: {
      enabled: spec.monitoring?.enabled ?? true,
      labels: spec.monitoring?.labels ?? {},
    },
    rollout: resolveRollout(spec.rollout),
    paused: spec.paused ?? false,
    retainVolumes: spec.deletionPolicy !== "Delete",
  };
}

function resolveGateway(spec: PlatformSpec): Gateway {
  const gateway = spec.gateway ?? {};
  const type = gateway.type ?? "NodePort";
  const breaker = gateway.circuitBreaker ?? {};
  return {
    type,
    nodePort: gateway.nodePort ?? (type === "NodePort" ? GATEWAY_NODE_PORT : undefined),
    publicURL: gateway.publicURL,
    ingress:
      gateway.ingress === undefined
        ? undefined
        : {
            host: gateway.ingress.host,
            ingressClassName: gateway.ingress.ingressClassName,
            tlsSecretName: gateway.ingress.tlsSecretName,
          },
    guestHolds: gateway.guestHolds ?? false,
    rateLimit: resolveRateLimit(gateway.rateLimit ?? {}),
    circuitBreaker: {
      enabled: breaker.enabled ?? true,
      failureThreshold: breaker.failureThreshold ?? 5,
      windowSeconds: breaker.windowSeconds ?? 30,
      openSeconds: breaker.openSeconds ?? 30,
      halfOpenTimeoutSeconds: breaker.halfOpenTimeoutSeconds ?? 10,
      overrides: withoutUndefined(breaker.overrides ?? {}),
    },
  };
}

function resolveRateLimit(given: NonNullable<GatewaySpec["rateLimit"]>): RateLimit {
  const requestsPerSecond = given.requestsPerSecond ?? REQUESTS_PER_SECOND;
  const operations = Object.entries(given.operations ?? {}).map(
    ([operationId, { requests, windowSeconds }]) =>
      [operationId, { requests, windowSeconds: windowSeconds ?? WINDOW_SECONDS }] as const,
  );
  return {
    requestsPerSecond,
    userRequestsPerSecond: given.userRequestsPerSecond ?? requestsPerSecond,
    operations: { ...OPERATION_LIMITS, ...Object.fromEntries(operations) },
  };
}

function resolvePayments(spec: PlatformSpec): Payments {
  const payments = spec.payments ?? {};
  return {
    provider: payments.provider ?? "simulator",
    secretName: payments.secretRef?.name ?? PAYMENT_PROVIDER_SECRET,
    generated: payments.secretRef === undefined,
    maxRetries: payments.maxRetries ?? 3,
    deadlineSeconds: payments.deadlineSeconds ?? 300,
  };
}

type GatewaySpec = NonNullable<PlatformSpec["gateway"]>;
type BreakerOverrides = NonNullable<NonNullable<GatewaySpec["circuitBreaker"]>["overrides"]>;

function withoutUndefined(overrides: BreakerOverrides): Gateway["circuitBreaker"]["overrides"] {
  return Object.fromEntries(
    Object.entries(overrides).map(([name, settings]) => [
      name,
      Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
    ]),
  );
}
