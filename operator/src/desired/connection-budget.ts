import type { ConnectionBudget } from "../api/status.ts";
import type { ServiceFacts } from "../metadata/services.ts";
import type { Pgbouncer, Platform } from "./platform.ts";

/**
 * Connections of one pod's pool. Chosen so that every service at its table maximum, with the one
 * pod more of a rolling update, fits 1000 clients: 8×21 + 9×16 + 8×16 + 8 services × 6×11 +
 * 5×2 = 978. What remains is for people.
 */
const POOL_SIZES: Readonly<Record<string, number>> = {
  "seat-reservation": 8,
  booking: 9,
  payment: 8,
  "payment-simulator": 5,
};
const POOL_SIZE = 6;

/** A rolling update has one pod more than the maximum (`maxSurge: 1`). */
export const SERVICE_SURGE = 1;

/**
 * How the server connections are shared: by how much of a sale each service carries. Holding and
 * booking are the hot path; the readers of events work in the background.
 */
const SERVER_WEIGHTS: Readonly<Record<string, number>> = {
  "seat-reservation": 8,
  booking: 7,
  payment: 6,
  auth: 4,
  search: 4,
  schedule: 3,
  ticket: 3,
};
const SERVER_WEIGHT = 2;

export function poolSizeOf(facts: ServiceFacts): number {
  if (facts.database === undefined) return 0;
  return POOL_SIZES[facts.key] ?? POOL_SIZE;
}

/**
 * PgBouncer pods that may hold server connections at once. One replica surges (the new pod comes
 * before the old one goes); more don't, but a draining pod still holds its own, and the next one
 * waits for its end (`minReadySeconds`).
 */
export function poolPodsMax(pgbouncer: Pick<Pgbouncer, "replicas">): number {
  return pgbouncer.replicas + 1;
}

/** What the pools need and what they may have; shown in `status.connectionBudget`. */
export function connectionBudget(platform: Platform): ConnectionBudget {
  const needed = platform.services
    .filter((service) => service.poolSize > 0)
    .map((service) => service.poolSize * (maxPods(service) + SERVICE_SURGE))
    .reduce((sum, connections) => sum + connections, 0);
  return {
    clientsMax: platform.pgbouncer.maxClientConnections,
    clientsNeeded: needed,
    serversMax: platform.pgbouncer.maxServerConnections,
    serversPerPool: Math.floor(
      platform.pgbouncer.maxServerConnections / poolPodsMax(platform.pgbouncer),
    ),
  };
}

function maxPods(service: Platform["services"][number]): number {
  return service.autoscaling?.maxReplicas ?? service.replicas;
}

/**
 * Server connections by database in one PgBouncer pod; the sum never exceeds `serversPerPool`.
 * Each database gets at least one; the rest goes by weight, rounded down.
 */
export function serverConnections(platform: Platform): ReadonlyMap<string, number> {
  const withDatabase = platform.services.filter((service) => service.facts.database !== undefined);
  const { serversPerPool } = connectionBudget(platform);
  const spare = Math.max(0, serversPerPool - withDatabase.length);
  const weights = withDatabase.map((service) => weightOf(service.facts));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return new Map(
    withDatabase.map((service, index) => [
      service.facts.database?.name ?? "",
      1 + Math.floor((spare * (weights[index] ?? 0)) / total),
    ]),
  );
}

function weightOf(facts: ServiceFacts): number {
  return SERVER_WEIGHTS[facts.key] ?? SERVER_WEIGHT;
}
