import type { V1StatefulSet } from "@kubernetes/client-node";
import { POSTGRES, POSTGRES_SECRET, POSTGRES_SERVICE, POSTGRES_VOLUME } from "../metadata/names.ts";
import { selectorOf } from "../metadata/labels.ts";
import { environmentHash } from "./config-hash.ts";
import type { Context } from "./context.ts";
import { fromSecret, plain } from "./environment.ts";
import { child, type Child } from "./manifest.ts";
import { metadataOf } from "./metadata-of.ts";
import type { EmbeddedStore, Platform } from "./platform.ts";
import { podTemplate } from "./pod-template.ts";
import { STORE_UID } from "./pod-security.ts";
import { tcpProbes } from "./tcp-probes.ts";
import { storeVolume } from "./volume.ts";
import type { Container } from "./kubernetes-types.ts";

/** Connections above the pool's share: people, migration Jobs, and PostgreSQL's reserved three. */
const CONNECTION_HEADROOM = 25;
/** What PostgreSQL is ready for without being asked: up to here, another `maxServerConnections` is a reload of the pool and no restart. */
const POOL_CONNECTIONS_MIN = 100;
/** Crash recovery of a busy database replays its log before it listens. */
const START_SECONDS_MAX = 600;
/** A fast shutdown writes a checkpoint. */
const GRACE_PERIOD_SECONDS = 60;

/** The embedded PostgreSQL: one replica on a volume of its own. */
export function postgres(context: Context): Child[] {
  const { platform } = context;
  const store = platform.postgres.embedded;
  if (store === undefined) return [];
  const container = postgresContainer(platform, store);
  const manifest = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: metadataOf(platform, POSTGRES, POSTGRES, "database"),
    spec: {
      replicas: 1,
      serviceName: POSTGRES_SERVICE,
      selector: { matchLabels: selectorOf(platform.name, POSTGRES) },
      template: podTemplate(platform, {
        app: POSTGRES,
        component: "database",
        uid: STORE_UID,
        serviceAccount: POSTGRES,
        container,
        configHash: environmentHash(container, context.secrets),
        gracePeriodSeconds: GRACE_PERIOD_SECONDS,
        spec: {
          volumes: [
            { name: "data", persistentVolumeClaim: { claimName: POSTGRES_VOLUME } },
            { name: "run", emptyDir: {} },
            { name: "tmp", emptyDir: {} },
          ],
        },
      }),
    },
  } satisfies V1StatefulSet;
  return [
    storeVolume(platform, POSTGRES_VOLUME, POSTGRES, "database", store),
    child(platform, manifest),
  ];
}

function postgresContainer(platform: Platform, store: EmbeddedStore): Container {
  const poolMax = Math.max(POOL_CONNECTIONS_MIN, platform.pgbouncer.maxServerConnections);
  const connectionsMax = poolMax + CONNECTION_HEADROOM;
  return {
    name: POSTGRES,
    image: store.image,
    args: ["-c", `max_connections=${connectionsMax}`],
    env: [
      plain("PGDATA", "/var/lib/postgresql/data/pgdata"),
      fromSecret("POSTGRES_PASSWORD", POSTGRES_SECRET, "password"),
    ],
    ports: [{ name: "postgresql", containerPort: 5432, protocol: "TCP" }],
    resources: { requests: store.resources.requests, limits: store.resources.limits },
    volumeMounts: [
      { name: "data", mountPath: "/var/lib/postgresql/data" },
      { name: "run", mountPath: "/var/run/postgresql" },
      { name: "tmp", mountPath: "/tmp" },
    ],
    ...tcpProbes("postgresql", START_SECONDS_MAX),
  };
}
