import type { V1ConfigMap, V1Deployment, V1Secret } from "@kubernetes/client-node";
import { PEOPLE_SECRET, PGBOUNCER, PGBOUNCER_USERLIST_SECRET } from "../metadata/names.ts";
import { selectorOf } from "../metadata/labels.ts";
import { environmentHash } from "./config-hash.ts";
import { contentHash } from "./content-hash.ts";
import type { Context } from "./context.ts";
import { fromSecret } from "./environment.ts";
import { pgbouncerAuthority } from "./external-stores.ts";
import { child, type Child } from "./manifest.ts";
import { metadataOf } from "./metadata-of.ts";
import { pgbouncerFiles, userlist } from "./pgbouncer-config.ts";
import type { Platform } from "./platform.ts";
import { podTemplate, spreadOver } from "./pod-template.ts";
import { STORE_UID } from "./pod-security.ts";
import { secretData } from "./secrets/secret-data.ts";
import { tcpProbes } from "./tcp-probes.ts";
import type { Container, Volume } from "./kubernetes-types.ts";

const CONFIG_MAP = "pgbouncer-config";
/**
 * SIGTERM (PgBouncer 1.23 and later) lets nobody new in and waits for the clients, who leave when their connections are 40 s old
 * (services/common/src/database/pool.ts); after this the rest is cut off.
 */
export const GRACE_PERIOD_SECONDS = 60;
/** Before SIGTERM: until every kube-proxy has taken the pod out of its Service, new clients still come here. */
export const DRAIN_SECONDS = 5;

/** The connection pool between every service and PostgreSQL, and the files it reads. */
export function pgbouncer(context: Context): Child[] {
  const { platform, secrets } = context;
  const configMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(platform, CONFIG_MAP, PGBOUNCER, "pool"),
    data: pgbouncerFiles(platform),
  } satisfies V1ConfigMap;
  const userlistSecret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadataOf(platform, PGBOUNCER_USERLIST_SECRET, PGBOUNCER, "pool"),
    type: "Opaque",
    data: secretData({ "userlist.txt": userlist(platform, secrets) }),
  } satisfies V1Secret;
  return [configMap, userlistSecret, deployment(context)].map((manifest) =>
    child(platform, manifest),
  );
}

/** The children whose contents those are, by `Kind/name`. */
export const POOL_FILES: readonly string[] = [
  `ConfigMap/${CONFIG_MAP}`,
  `Secret/${PGBOUNCER_USERLIST_SECRET}`,
];

/** Tells one content of the files that PgBouncer reads from another. */
export function poolFilesHash({ platform, secrets }: Context): string {
  return contentHash([pgbouncerFiles(platform), userlist(platform, secrets)]);
}

function deployment(context: Context) {
  const { platform } = context;
  const container = pgbouncerContainer(platform);
  const { replicas } = platform.pgbouncer;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(platform, PGBOUNCER, PGBOUNCER, "pool"),
    spec: {
      replicas,
      revisionHistoryLimit: 5,
      // The next one only goes when the last one has certainly gone: each holds its share of PostgreSQL's connections to its
      // end (poolPodsMax). A single one is replaced once.
      ...(replicas > 1 && { minReadySeconds: GRACE_PERIOD_SECONDS }),
      selector: { matchLabels: selectorOf(platform.name, PGBOUNCER) },
      strategy: {
        type: "RollingUpdate",
        // A pod more is server connections more: only a single pod has to be replaced that way.
        rollingUpdate:
          replicas === 1 ? { maxSurge: 1, maxUnavailable: 0 } : { maxSurge: 0, maxUnavailable: 1 },
      },
      template: podTemplate(platform, {
        app: PGBOUNCER,
        component: "pool",
        uid: STORE_UID,
        serviceAccount: PGBOUNCER,
        container,
        // Its files are not in here: those it reads again by itself.
        configHash: environmentHash(container, context.secrets),
        gracePeriodSeconds: GRACE_PERIOD_SECONDS,
        spec: {
          topologySpreadConstraints: spreadOver(platform, PGBOUNCER),
          volumes: volumes(platform),
        },
      }),
    },
  } satisfies V1Deployment;
}

function pgbouncerContainer(platform: Platform): Container {
  const { resources, image } = platform.pgbouncer;
  return {
    name: PGBOUNCER,
    image,
    env: [
      // For people in this container: `psql -h postgres-service -U jatra_user` asks for nothing.
      // No PGPASSFILE: psql ignores a file that its group may read, and a Secret's volume has
      // no other way to hand one to a process that isn't root.
      fromSecret("PGPASSWORD", PEOPLE_SECRET, "password"),
    ],
    ports: [{ name: "postgresql", containerPort: 5432, protocol: "TCP" }],
    resources: { requests: resources.requests, limits: resources.limits },
    volumeMounts: [
      { name: "config", mountPath: "/etc/pgbouncer", readOnly: true },
      { name: "run", mountPath: "/var/run/postgresql" },
      { name: "tmp", mountPath: "/tmp" },
    ],
    lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } },
    ...tcpProbes("postgresql", 60),
  };
}

/** One projected volume: settings and passwords change together or not at all. */
function volumes(platform: Platform): Volume[] {
  return [
    {
      name: "config",
      projected: {
        defaultMode: 0o440,
        sources: [
          { configMap: { name: CONFIG_MAP } },
          {
            secret: {
              name: PGBOUNCER_USERLIST_SECRET,
              items: [{ key: "userlist.txt", path: "userlist/userlist.txt" }],
            },
          },
          ...pgbouncerAuthority(platform).sources,
        ],
      },
    },
    { name: "run", emptyDir: {} },
    { name: "tmp", emptyDir: {} },
  ];
}
