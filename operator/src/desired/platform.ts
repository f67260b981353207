import type { ScalingBehavior, ServiceSettings } from "../api/service-settings.ts";
import type { ServiceFacts } from "../metadata/services.ts";
import type { RolloutSettings } from "./rollout-settings.ts";

/** A JatraPlatform with every default filled in: what the builders of children read. */
export interface Platform {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly version: string;
  readonly images: PlatformImages;
  readonly gateway: Gateway;
  readonly services: readonly PlatformService[];
  readonly postgres: Postgres;
  readonly redis: Redis;
  readonly rabbitmq: Rabbitmq;
  readonly pgbouncer: Pgbouncer;
  readonly seatLocks: { ttlSeconds: number; maxSeats: number; maxHoldSeconds: number };
  readonly idempotency: { ttlSeconds: number; lockSeconds: number };
  readonly payments: Payments;
  readonly monitoring: { enabled: boolean; labels: Readonly<Record<string, string>> };
  readonly rollout: RolloutSettings;
  readonly paused: boolean;
  readonly retainVolumes: boolean;
}

export interface PlatformImages {
  readonly pullPolicy: "IfNotPresent" | "Always" | "Never";
  readonly pullSecrets: readonly string[];
}

export interface Gateway {
  readonly type: "ClusterIP" | "NodePort" | "LoadBalancer";
  readonly nodePort: number | undefined;
  readonly publicURL: string | undefined;
  readonly ingress: Ingress | undefined;
  readonly guestHolds: boolean;
  readonly rateLimit: RateLimit;
  readonly circuitBreaker: CircuitBreaker;
}

export interface RateLimit {
  readonly requestsPerSecond: number;
  readonly userRequestsPerSecond: number;
  /** By operationId. */
  readonly operations: Readonly<
    Record<string, { readonly requests: number; readonly windowSeconds: number }>
  >;
}

export interface Ingress {
  readonly host: string;
  readonly ingressClassName: string | undefined;
  readonly tlsSecretName: string | undefined;
}

export interface BreakerSettings {
  readonly enabled: boolean;
  readonly failureThreshold: number;
  readonly windowSeconds: number;
  readonly openSeconds: number;
  readonly halfOpenTimeoutSeconds: number;
}

export interface CircuitBreaker extends BreakerSettings {
  readonly overrides: Readonly<Record<string, Partial<BreakerSettings>>>;
}

export interface PlatformService {
  readonly facts: ServiceFacts;
  readonly image: string;
  /** Pods at creation; stays the operator's only without autoscaling. */
  readonly replicas: number;
  readonly autoscaling: PlatformAutoscaling | undefined;
  readonly resources: Resources;
  /** Connections of one pod's pool; 0 without a database. */
  readonly poolSize: number;
  readonly settings: Pick<
    ServiceSettings,
    "env" | "development" | "nodeSelector" | "tolerations" | "priorityClassName"
  >;
}

export interface PlatformAutoscaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly targetCPUUtilizationPercentage: number;
  readonly behavior: ScalingBehavior | undefined;
}

export interface Resources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

export interface EmbeddedStore {
  readonly image: string;
  readonly resources: Resources;
  readonly storageSize: string;
  readonly storageClassName: string | undefined;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Secret of the login; which keys it has is said where it is used. */
  readonly secretName: string;
  /** Secret with the authority that signed the server's certificate; undefined for the public ones. */
  readonly caSecretName: string | undefined;
}

export interface Postgres extends Omit<Endpoint, "secretName"> {
  /** Login that makes databases and roles; undefined where somebody else has made them. */
  readonly secretName: string | undefined;
  readonly embedded: EmbeddedStore | undefined;
  /** Image with psql, for the bootstrap Job. */
  readonly clientImage: string;
}

export interface Redis extends Endpoint {
  readonly isCluster: boolean;
  readonly embedded: EmbeddedStore | undefined;
}

export interface Rabbitmq extends Endpoint {
  readonly embedded: EmbeddedStore | undefined;
  readonly management: { readonly url: string; readonly secretName: string };
}

export interface Pgbouncer {
  readonly image: string;
  readonly replicas: number;
  readonly resources: Resources;
  readonly maxClientConnections: number;
  readonly maxServerConnections: number;
  readonly poolMode: "transaction" | "session";
}

export interface Payments {
  readonly provider: "simulator" | "sslcommerz";
  readonly secretName: string;
  /** Whether the operator makes the Secret itself. */
  readonly generated: boolean;
  readonly maxRetries: number;
  readonly deadlineSeconds: number;
}
