import type { z } from "zod";
import type { PlatformSpec } from "../api/spec.ts";
import type { resources } from "../api/fields.ts";
import {
  POSTGRES_SECRET,
  POSTGRES_SERVICE,
  RABBITMQ_SECRET,
  RABBITMQ_SERVICE,
  REDIS_SECRET,
  REDIS_SERVICE,
} from "../metadata/names.ts";
import type { EmbeddedStore, Postgres, Rabbitmq, Redis, Resources } from "./platform.ts";

/** One process a connection: 125 of them, each a few MiB, beside shared buffers. */
const POSTGRES_RESOURCES: Resources = {
  requests: { cpu: "500m", memory: "512Mi" },
  limits: { cpu: "4", memory: "2Gi" },
};
const REDIS_RESOURCES: Resources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "512Mi" },
};
/** The Erlang machine takes about 150 MiB idle. */
const RABBITMQ_RESOURCES: Resources = {
  requests: { cpu: "200m", memory: "256Mi" },
  limits: { cpu: "2", memory: "1Gi" },
};

type WantedResources = z.infer<typeof resources> | undefined;

export function mergeResources(wanted: WantedResources, defaults: Resources): Resources {
  return {
    requests: {
      cpu: wanted?.requests?.cpu ?? defaults.requests.cpu,
      memory: wanted?.requests?.memory ?? defaults.requests.memory,
    },
    limits: {
      cpu: wanted?.limits?.cpu ?? defaults.limits.cpu,
      memory: wanted?.limits?.memory ?? defaults.limits.memory,
    },
  };
}

export function resolvePostgres(wanted: PlatformSpec["postgres"], image: string): Postgres {
  const external = wanted?.external;
  if (external !== undefined) {
    return {
      host: external.host,
      port: external.port ?? 5432,
      tls: external.tls ?? true,
      secretName: external.secretRef?.name,
      caSecretName: external.caSecretRef?.name,
      embedded: undefined,
      clientImage: image,
    };
  }
  return {
    host: POSTGRES_SERVICE,
    port: 5432,
    tls: false,
    secretName: POSTGRES_SECRET,
    caSecretName: undefined,
    embedded: resolveEmbedded(wanted?.embedded, image, POSTGRES_RESOURCES, "10Gi"),
    clientImage: image,
  };
}

export function resolveRedis(wanted: PlatformSpec["redis"], image: string): Redis {
  const external = wanted?.external;
  if (external !== undefined) {
    return {
      host: external.host,
      port: external.port ?? 6379,
      tls: external.tls ?? true,
      secretName: external.secretRef.name,
      caSecretName: external.caSecretRef?.name,
      isCluster: external.cluster ?? false,
      embedded: undefined,
    };
  }
  return {
    host: REDIS_SERVICE,
    port: 6379,
    tls: false,
    secretName: REDIS_SECRET,
    caSecretName: undefined,
    isCluster: false,
    embedded: resolveEmbedded(wanted?.embedded, image, REDIS_RESOURCES, "2Gi"),
  };
}

export function resolveRabbitmq(
  wanted: PlatformSpec["rabbitmq"],
  image: string,
  namespace: string,
): Rabbitmq {
  const external = wanted?.external;
  if (external !== undefined) {
    const tls = external.tls ?? true;
    return {
      host: external.host,
      port: external.port ?? (tls ? 5671 : 5672),
      tls,
      secretName: external.secretRef.name,
      caSecretName: external.caSecretRef?.name,
      embedded: undefined,
      management: {
        url: external.management.url,
        secretName: external.management.secretRef.name,
      },
    };
  }
  return {
    host: RABBITMQ_SERVICE,
    port: 5672,
    tls: false,
    secretName: RABBITMQ_SECRET,
    caSecretName: undefined,
    embedded: resolveEmbedded(wanted?.embedded, image, RABBITMQ_RESOURCES, "5Gi"),
    management: {
      url: `http://${RABBITMQ_SERVICE}.${namespace}:15672`,
      secretName: RABBITMQ_SECRET,
    },
  };
}

type WantedEmbedded = NonNullable<PlatformSpec["postgres"]>["embedded"];

function resolveEmbedded(
  wanted: WantedEmbedded,
  image: string,
  defaults: Resources,
  storageSize: string,
): EmbeddedStore {
  return {
    image,
    resources: mergeResources(wanted?.resources, defaults),
    storageSize: wanted?.storage?.size ?? storageSize,
    storageClassName: wanted?.storage?.storageClassName,
  };
}
