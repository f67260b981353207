/**
 * The services of the platform: names, ports, databases and the scaling table. Fixed by
 * docs/architecture.md and by the HPA table of the improvements guide; everything that depends on
 * "which services are there" is derived from this one list.
 */
export const SERVICES = [
  service("api-gateway", "api-gateway", 3000, undefined, [3, 20, 60], ["redis"]),
  service("auth", "auth-service", 3001, "auth", [2, 10, 70], ["rabbitmq"]),
  service("schedule", "schedule-service", 3002, "schedule", [2, 10, 70], ["rabbitmq"]),
  service(
    "seat-reservation",
    "seat-reservation-service",
    3003,
    "seat",
    [5, 20, 60],
    ["redis", "rabbitmq"],
  ),
  service("payment", "payment-service", 3004, "payment", [3, 15, 65], ["redis", "rabbitmq"]),
  service("booking", "booking-service", 3005, "booking", [3, 15, 65], ["redis", "rabbitmq"]),
  service("ticket", "ticket-service", 3006, "ticket", [2, 10, 70], ["rabbitmq"]),
  service("notification", "notification-service", 3007, "notification", [2, 10, 70], ["rabbitmq"]),
  service("user", "user-service", 3008, "user", [2, 10, 70], ["rabbitmq"]),
  service("search", "search-service", 3009, "search", [2, 10, 70], ["rabbitmq"]),
  service("admin", "admin-service", 3010, "admin", [2, 10, 70], ["rabbitmq"]),
  service("reporting", "reporting-service", 3011, "reporting", [2, 10, 70], ["rabbitmq"]),
  service("payment-simulator", "payment-simulator", 3012, "simulator", undefined, []),
] as const satisfies readonly ServiceFacts[];

export type ServiceKey = (typeof SERVICES)[number]["key"];

/** What is true of a service whatever the resource says. */
export interface ServiceFacts {
  /** The short name people write as key of `spec.services`. */
  readonly key: string;
  /** Name of the Deployment, the Service, the HPA and the image. */
  readonly name: string;
  readonly port: number;
  readonly database: Database | undefined;
  /** Absent for what is never scaled by an HPA. */
  readonly autoscaling: Autoscaling | undefined;
  readonly uses: readonly Store[];
}

export interface Database {
  readonly name: string;
  /** Login role; owns the database. */
  readonly role: string;
}

export interface Autoscaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly targetCPUUtilizationPercentage: number;
}

export type Store = "redis" | "rabbitmq";

/** All short names, as the CRD's rule and its message list them. */
export const SERVICE_KEYS: readonly string[] = SERVICES.map((facts) => facts.key);

function service<Key extends string>(
  key: Key,
  name: string,
  port: number,
  database: string | undefined,
  scaling: readonly [number, number, number] | undefined,
  uses: readonly Store[],
) {
  return {
    key,
    name,
    port,
    database:
      database === undefined ? undefined : { name: `${database}_db`, role: `${database}_service` },
    autoscaling:
      scaling === undefined
        ? undefined
        : {
            minReplicas: scaling[0],
            maxReplicas: scaling[1],
            targetCPUUtilizationPercentage: scaling[2],
          },
    uses,
  };
}
