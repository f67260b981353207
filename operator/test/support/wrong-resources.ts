export interface WrongResource {
  /** The field the API server has to name. */
  readonly field: string;
  /** A spec that is taken, where the rule is about a change of it. */
  readonly before?: object;
  readonly wrong: object;
  readonly message: string;
}

const external = (more: object = {}) => ({
  type: "External",
  external: { host: "db.example", secretRef: { name: "login" }, ...more },
});
const broker = external({ management: { url: "https://m.example", secretRef: { name: "login" } } });
const embedded = { embedded: { storage: { size: "1Gi" } } };

/** One wrong resource a rule, with the exact words of the API server. */
export const WRONG_RESOURCES: readonly WrongResource[] = [
  {
    field: "spec.services[booking].autoscaling",
    wrong: { services: { booking: { autoscaling: { minReplicas: 9, maxReplicas: 3 } } } },
    message:
      "autoscaling.minReplicas is greater than autoscaling.maxReplicas: lower the first or raise the second",
  },
  {
    field: "spec.services[booking]",
    wrong: { services: { booking: { replicas: 2 } } },
    message:
      "replicas is set by the HPA: set autoscaling.enabled to false to fix it, or autoscaling.minReplicas instead",
  },
  {
    field: "spec.services[auth].env[0]",
    wrong: { services: { auth: { env: [{ name: "A" }] } } },
    message: "env: give each variable either value or secretKeyRef, not both and not neither",
  },
  {
    field: "spec.services",
    wrong: { services: { tea: {} } },
    message:
      "services has a key that is no service: use api-gateway, auth, schedule, seat-reservation, payment, booking, ticket, notification, user, search, admin, reporting, payment-simulator",
  },
  {
    field: "spec.gateway.circuitBreaker.overrides",
    wrong: { gateway: { circuitBreaker: { overrides: { tea: {} } } } },
    message:
      "gateway.circuitBreaker.overrides has a key that is no service: use api-gateway, auth, schedule, seat-reservation, payment, booking, ticket, notification, user, search, admin, reporting, payment-simulator",
  },
  {
    field: "spec.gateway",
    wrong: { gateway: { type: "ClusterIP", nodePort: 30_001 } },
    message: "gateway.nodePort needs type NodePort or LoadBalancer: remove it or change the type",
  },
  ...(["postgres", "redis", "rabbitmq"] as const).flatMap((store): WrongResource[] => {
    const branch = store === "rabbitmq" ? broker : external();
    return [
      {
        field: `spec.${store}`,
        wrong: { [store]: { type: "External" } },
        message: `${store}: set external together with type External, and only then`,
      },
      {
        field: `spec.${store}`,
        wrong: { [store]: { ...branch, ...embedded } },
        message: `${store}: embedded belongs to type Embedded; remove it or change the type`,
      },
      {
        field: "spec",
        before: {},
        wrong: { [store]: branch },
        message: `${store}.type can't change: make a new platform in another namespace and move the data`,
      },
      {
        field: `spec.${store}.embedded.storage`,
        before: { [store]: { embedded: { storage: { size: "2Gi" } } } },
        wrong: { [store]: { embedded: { storage: { size: "1Gi" } } } },
        message:
          "storage.size can't shrink: a volume can only grow; set it to the old size or more",
      },
    ];
  }),
  ...(["postgres", "redis"] as const).map((store): WrongResource => ({
    field: `spec.${store}.external`,
    wrong: { [store]: external({ tls: false, caSecretRef: { name: "authority" } }) },
    message: `${store}.external.caSecretRef is for TLS: remove it or set tls to true`,
  })),
  ...[{ secretRef: undefined }, { databases: "Precreated" }].map((more): WrongResource => ({
    field: "spec.postgres.external",
    wrong: { postgres: external(more) },
    message:
      "postgres.external: set secretRef, a login that may make databases and roles, or databases to Precreated, and not both",
  })),
  {
    field: "spec.postgres.external",
    before: { postgres: external() },
    wrong: { postgres: external({ secretRef: undefined, databases: "Precreated" }) },
    message:
      "postgres.external.databases can't change: make a new platform in another namespace and move the data",
  },
  {
    field: "spec.pgbouncer",
    wrong: { pgbouncer: { maxServerConnections: 2000 } },
    message:
      "pgbouncer.maxServerConnections is greater than maxClientConnections (100 and 1000 where not set): a pool that opens more connections than it accepts serves nobody",
  },
  {
    field: "spec.seatLocks",
    wrong: { seatLocks: { ttlSeconds: 3600 } },
    message:
      "seatLocks.ttlSeconds is greater than maxHoldSeconds (600 and 1800 where not set): lower the first or raise the second",
  },
  {
    field: "spec.idempotency",
    wrong: { idempotency: { ttlSeconds: 60, lockSeconds: 61 } },
    message:
      "idempotency.lockSeconds is greater than ttlSeconds: lower the first or raise the second",
  },
  {
    field: "spec.payments",
    wrong: { payments: { provider: "sslcommerz" } },
    message: "payments.secretRef is needed with provider sslcommerz: name the Secret of its login",
  },
  {
    field: "spec.rollout",
    wrong: { rollout: { waves: [["auth", "user"], ["auth"]] } },
    message: "rollout.waves names a service in more than one wave: leave it in one of them",
  },
];
