import type { V1ConfigMap } from "@kubernetes/client-node";
import { BOOTSTRAP, databaseSecretName, PEOPLE_SECRET, POSTGRES } from "../metadata/names.ts";
import { bootstrapSql, loginVariables, roles } from "./bootstrap-sql.ts";
import { environmentHash } from "./config-hash.ts";
import { contentHash } from "./content-hash.ts";
import type { Context } from "./context.ts";
import { fromSecret, fromSecretIfThere, plain } from "./environment.ts";
import { psqlAuthority } from "./external-stores.ts";
import { jobManifest } from "./job.ts";
import { child, type Child, type Gate } from "./manifest.ts";
import { metadataOf } from "./metadata-of.ts";
import type { Platform } from "./platform.ts";
import { STORE_UID } from "./pod-security.ts";
import { LOGIN_KINDS } from "./secrets/logins.ts";
import type { Container } from "./kubernetes-types.ts";

/** The Job that makes databases and roles, with its script. Runs again when a password changed. None where others make them. */
export function bootstrapJob(context: Context): Child[] {
  const { platform } = context;
  const name = bootstrapJobName(context);
  const container = bootstrapContainer(platform);
  if (name === undefined || container === undefined) return [];
  const configMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(platform, BOOTSTRAP, POSTGRES, "database"),
    data: { "bootstrap.sql": bootstrapSql(platform) },
  } satisfies V1ConfigMap;
  const job = jobManifest(platform, {
    name,
    app: BOOTSTRAP,
    owner: POSTGRES,
    uid: STORE_UID,
    serviceAccount: POSTGRES,
    container,
    configHash: environmentHash(container, context.secrets),
    volumes: [
      { name: "script", configMap: { name: BOOTSTRAP, defaultMode: 0o444 } },
      { name: "tmp", emptyDir: {} },
      ...psqlAuthority(platform).volumes,
    ],
  });
  return [child(platform, configMap), child(platform, job, { after: databaseGates(platform) })];
}

/** Named after everything it depends on: a new name is a new run. Undefined where there is nothing to make. */
export function bootstrapJobName(context: Context): string | undefined {
  const container = bootstrapContainer(context.platform);
  if (container === undefined) return undefined;
  const hash = contentHash({
    script: bootstrapSql(context.platform),
    passwords: environmentHash(container, context.secrets),
    host: context.platform.postgres.host,
    volume: context.databaseVolume,
  });
  return `${BOOTSTRAP}-${hash}`;
}

function databaseGates(platform: Platform): Gate[] {
  return platform.postgres.embedded === undefined ? [] : [{ ready: "StatefulSet", name: POSTGRES }];
}

function bootstrapContainer(platform: Platform): Container | undefined {
  const { postgres } = platform;
  if (postgres.secretName === undefined) return undefined;
  const secrets = new Map<string, string>(
    platform.services.flatMap(({ facts }) =>
      facts.database === undefined
        ? []
        : [[facts.database.role, databaseSecretName(facts.name)] as const],
    ),
  );
  return {
    name: "bootstrap",
    image: postgres.clientImage,
    command: ["psql", "--no-psqlrc", "--quiet", "--file", "/script/bootstrap.sql"],
    env: [
      plain("PGHOST", postgres.host),
      plain("PGPORT", postgres.port),
      plain("PGDATABASE", "postgres"),
      plain("PGSSLMODE", postgres.tls ? "verify-full" : "prefer"),
      ...psqlAuthority(platform).env,
      plain("PGCONNECT_TIMEOUT", 10),
      fromSecret("PGUSER", postgres.secretName, "username"),
      fromSecret("PGPASSWORD", postgres.secretName, "password"),
      ...roles(platform).flatMap(({ role }) => {
        const secret = secrets.get(role) ?? PEOPLE_SECRET;
        return LOGIN_KINDS.flatMap((kind) => {
          const { username, password } = loginVariables(role, kind);
          return [
            fromSecretIfThere(username, secret, `${kind}username`),
            fromSecretIfThere(password, secret, `${kind}password`),
          ];
        });
      }),
    ],
    resources: {
      requests: { cpu: "10m", memory: "32Mi" },
      limits: { cpu: "500m", memory: "128Mi" },
    },
    volumeMounts: [
      { name: "script", mountPath: "/script", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      ...psqlAuthority(platform).volumeMounts,
    ],
  };
}
