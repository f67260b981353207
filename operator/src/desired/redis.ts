import type { V1Deployment } from "@kubernetes/client-node";
import { REDIS, REDIS_VOLUME } from "../metadata/names.ts";
import { selectorOf } from "../metadata/labels.ts";
import { environmentHash } from "./config-hash.ts";
import type { Context } from "./context.ts";
import { fromSecret } from "./environment.ts";
import { child, type Child } from "./manifest.ts";
import { metadataOf } from "./metadata-of.ts";
import type { EmbeddedStore, Platform } from "./platform.ts";
import { podTemplate } from "./pod-template.ts";
import { STORE_UID } from "./pod-security.ts";
import { quantityBytes } from "./quantity.ts";
import { tcpProbes } from "./tcp-probes.ts";
import { storeVolume } from "./volume.ts";
import type { Container } from "./kubernetes-types.ts";

/** The rest of the memory limit is for the copy-on-write of a rewrite of the append-only file. */
const MAXMEMORY_SHARE = 0.6;
const START_SECONDS_MAX = 300;
const GRACE_PERIOD_SECONDS = 30;

/** The embedded Redis. A Deployment, because people `kubectl exec deploy/redis`. */
export function redis(context: Context): Child[] {
  const { platform } = context;
  const store = platform.redis.embedded;
  if (store === undefined) return [];
  const container = redisContainer(platform, store);
  const manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(platform, REDIS, REDIS, "cache"),
    spec: {
      replicas: 1,
      revisionHistoryLimit: 5,
      selector: { matchLabels: selectorOf(platform.name, REDIS) },
      // Two processes must never write the same append-only file.
      strategy: { type: "Recreate" },
      template: podTemplate(platform, {
        app: REDIS,
        component: "cache",
        uid: STORE_UID,
        serviceAccount: REDIS,
        container,
        configHash: environmentHash(container, context.secrets),
        gracePeriodSeconds: GRACE_PERIOD_SECONDS,
        spec: {
          volumes: [
            { name: "data", persistentVolumeClaim: { claimName: REDIS_VOLUME } },
            { name: "tmp", emptyDir: {} },
          ],
        },
      }),
    },
  } satisfies V1Deployment;
  return [storeVolume(platform, REDIS_VOLUME, REDIS, "cache", store), child(platform, manifest)];
}

function redisContainer(platform: Platform, store: EmbeddedStore): Container {
  const maxmemory = Math.floor(quantityBytes(store.resources.limits.memory) * MAXMEMORY_SHARE);
  return {
    name: REDIS,
    image: store.image,
    args: [
      "--dir",
      "/data",
      "--appendonly",
      "yes",
      "--appendfsync",
      "everysec",
      "--maxmemory",
      String(maxmemory),
      // Locks and idempotency keys must not be evicted to make room: writing fails instead.
      "--maxmemory-policy",
      "noeviction",
    ],
    env: [
      fromSecret("REDIS_PASSWORD", platform.redis.secretName, "password"),
      // Lets `kubectl exec deploy/redis -- redis-cli` in without a password.
      fromSecret("REDISCLI_AUTH", platform.redis.secretName, "password"),
    ],
    ports: [{ name: "redis", containerPort: 6379, protocol: "TCP" }],
    resources: { requests: store.resources.requests, limits: store.resources.limits },
    volumeMounts: [
      { name: "data", mountPath: "/data" },
      { name: "tmp", mountPath: "/tmp" },
    ],
    ...tcpProbes("redis", START_SECONDS_MAX),
  };
}
