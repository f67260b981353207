import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { platformResource, type PlatformResource } from "../../src/api/platform.ts";
import type { Context } from "../../src/desired/context.ts";
import type { Platform } from "../../src/desired/platform.ts";
import { resolve } from "../../src/desired/resolve.ts";
import { secretValues } from "../../src/desired/secrets/secret-values.ts";

const IMAGES = {
  repository: "jatra",
  tag: "1.2.3",
  storeImages: {
    postgres: "jatra/postgres:17",
    pgbouncer: "jatra/pgbouncer:1.24",
    redis: "jatra/redis:8",
    rabbitmq: "jatra/rabbitmq:4",
  },
};

/** A resource with the given spec, as the API server would hand it out. */
export function resourceWith(spec: unknown): PlatformResource {
  return platformResource.parse({
    metadata: {
      name: "jatra",
      namespace: "jatra",
      uid: "00000000-0000-4000-8000-000000000001",
      generation: 3,
      resourceVersion: "7",
      creationTimestamp: "2026-11-22T12:00:00Z",
    },
    spec,
  });
}

export function platformWith(spec: unknown = {}): Platform {
  return resolve(resourceWith(spec), IMAGES);
}

/** What desired is called with; the same seed gives the same passwords every time. */
export function contextWith(spec: unknown = {}, more: Partial<Context> = {}): Context {
  const platform = platformWith(spec);
  return {
    platform,
    secrets: secretValues(platform, new Map(), Buffer.alloc(32, 7)),
    databaseVolume: "00000000-0000-4000-8000-00000000000d",
    operatorNamespace: "jatra-system",
    monitoringKinds: new Set(),
    pins: new Map(),
    ...more,
  };
}

/** The spec of a file in crds/samples. */
export function sampleSpec(name: string): unknown {
  const url = new URL(`../../../crds/samples/${name}.yaml`, import.meta.url);
  return parse(readFileSync(url, "utf8")).spec;
}
