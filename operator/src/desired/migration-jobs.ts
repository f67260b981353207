import { bootstrapJobName } from "./bootstrap-job.ts";
import { environmentHash } from "./config-hash.ts";
import { contentHash } from "./content-hash.ts";
import type { Context } from "./context.ts";
import { databaseAddress } from "./database-address.ts";
import { plain } from "./environment.ts";
import { nodeAuthorities } from "./external-stores.ts";
import { jobManifest } from "./job.ts";
import { child, type Child, type Gate } from "./manifest.ts";
import type { Platform, PlatformService } from "./platform.ts";
import { SERVICE_UID } from "./pod-security.ts";
import type { Container } from "./kubernetes-types.ts";

/**
 * A Job a service that brings its schema up to the image's, straight to PostgreSQL: DDL and
 * advisory locks don't go through a pool in transaction mode.
 */
export function migrationJobs(context: Context): Child[] {
  const { platform } = context;
  return platform.services.flatMap((service) => {
    const { database, name } = service.facts;
    if (database === undefined) return [];
    const container = migrationContainer(platform, service, database.name);
    const manifest = jobManifest(platform, {
      name: migrationJobName(context, service),
      app: migrationApp(name),
      owner: name,
      uid: SERVICE_UID,
      serviceAccount: name,
      container,
      configHash: environmentHash(container, context.secrets),
      volumes: [{ name: "tmp", emptyDir: {} }, ...nodeAuthorities(platform).volumes],
    });
    return [child(platform, manifest, { after: afterBootstrap(context) })];
  });
}

function afterBootstrap(context: Context): Gate[] {
  const name = bootstrapJobName(context);
  return name === undefined ? [] : [{ complete: "Job", name }];
}

/** Label `app` of a migration's pods: no Service sends them requests. */
export function migrationApp(serviceName: string): string {
  return `${serviceName}-migration`;
}

/** The image's tag is a hash of its content, so image and volume say all there is to say. */
export function migrationJobName(context: Context, service: PlatformService): string {
  const hash = contentHash({ image: service.image, volume: context.databaseVolume });
  return `${service.facts.name}-migration-${hash}`;
}

/** What a service's Deployment waits for: its schema is as new as its image. */
export function afterMigration(context: Context, service: PlatformService): Gate[] {
  if (service.facts.database === undefined) return [];
  return [{ complete: "Job", name: migrationJobName(context, service) }];
}

function migrationContainer(
  platform: Platform,
  service: PlatformService,
  database: string,
): Container {
  return {
    name: "migration",
    image: service.image,
    command: ["node", "src/migrate.ts"],
    env: [
      plain("SERVICE_NAME", service.facts.name),
      plain("LOG_LEVEL", "info"),
      ...databaseAddress(platform, service.facts.name, "migration", database),
      ...nodeAuthorities(platform).env,
    ],
    resources: {
      requests: { cpu: "10m", memory: "64Mi" },
      limits: { cpu: "1", memory: "384Mi" },
    },
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }, ...nodeAuthorities(platform).volumeMounts],
  };
}
