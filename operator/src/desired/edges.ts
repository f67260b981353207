import { BOOTSTRAP, PGBOUNCER, POSTGRES, RABBITMQ, REDIS } from "../metadata/names.ts";
import { SERVICES } from "../metadata/services.ts";
import type { Platform } from "./platform.ts";

/** `from` may open connections to `port` of `to`; all are values of the label `app`. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** Calls between services beside the gateway's (docs/architecture.md, "Calls between services"). */
const CALLS: readonly (readonly [caller: string, callee: string])[] = [
  ["search-service", "schedule-service"],
  ["search-service", "seat-reservation-service"],
  ["seat-reservation-service", "schedule-service"],
  ["seat-reservation-service", "booking-service"],
  ["booking-service", "seat-reservation-service"],
  ["booking-service", "payment-service"],
  ["payment-service", "booking-service"],
  ["payment-service", "payment-simulator"],
  ["payment-simulator", "payment-service"],
  // The circuits are the gateway's own.
  ["admin-service", "api-gateway"],
];

const GATEWAY = "api-gateway";
const ADMIN = "admin-service";
/** Called by its one client only. */
const SIMULATOR = "payment-simulator";

/** Every connection inside the platform; what isn't here is refused. */
export function edges(platform: Platform): readonly Edge[] {
  const ports = new Map<string, number>(SERVICES.map(({ name, port }) => [name, port]));
  const present = new Set<string>(platform.services.map(({ facts }) => facts.name));
  const calls = [
    ...[...present]
      .filter((name) => name !== GATEWAY && name !== SIMULATOR)
      .flatMap((name) => [[GATEWAY, name] as const, [ADMIN, name] as const]),
    ...CALLS,
  ].filter(([from, to]) => from !== to && present.has(from) && present.has(to));
  return [
    ...calls.map(([from, to]) => ({ from, to, port: ports.get(to) ?? 0 })),
    ...databaseEdges(platform),
    ...storeEdges(platform),
  ];
}

function databaseEdges(platform: Platform): Edge[] {
  const withDatabase = platform.services.filter(({ facts }) => facts.database !== undefined);
  const pooled = withDatabase.map(({ facts }) => ({ from: facts.name, to: PGBOUNCER, port: 5432 }));
  if (platform.postgres.embedded === undefined) return pooled;
  const direct = [
    PGBOUNCER,
    BOOTSTRAP,
    ...withDatabase.map(({ facts }) => `${facts.name}-migration`),
  ];
  return [...pooled, ...direct.map((from) => ({ from, to: POSTGRES, port: 5432 }))];
}

function storeEdges(platform: Platform): Edge[] {
  const found: Edge[] = [];
  for (const { facts } of platform.services) {
    if (platform.redis.embedded !== undefined && facts.uses.includes("redis")) {
      found.push({ from: facts.name, to: REDIS, port: 6379 });
    }
    if (platform.rabbitmq.embedded !== undefined && facts.uses.includes("rabbitmq")) {
      found.push({ from: facts.name, to: RABBITMQ, port: 5672 });
    }
  }
  return found;
}
