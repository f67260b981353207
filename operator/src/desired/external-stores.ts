import type { V1Secret } from "@kubernetes/client-node";
import { databaseSecretName, EXTERNAL_STORES_SECRET } from "../metadata/names.ts";
import type { Context } from "./context.ts";
import { databaseUrl, databaseUrlKey } from "./database-address.ts";
import { plain } from "./environment.ts";
import { child, type Child } from "./manifest.ts";
import { metadataOf } from "./metadata-of.ts";
import type { EnvironmentVariable, Volume, VolumeMount } from "./kubernetes-types.ts";
import type { Platform } from "./platform.ts";
import { AUTHORITY_KEY, isCertificate } from "./secrets/given-secrets.ts";
import { secretData } from "./secrets/secret-data.ts";
import type { SecretValues } from "./secrets/secret-values.ts";

/** Keys of the Secret that is made out of those that people gave. */
export const REDIS_URL_KEY = "redis-url";
export const RABBITMQ_URL_KEY = "rabbitmq-url";
/** All authorities one after the other: Node takes one file beside those it knows. */
export const AUTHORITIES_KEY = "authorities.pem";
export const POSTGRES_AUTHORITY_KEY = "postgres-authority.pem";

/** Where Debian keeps the authorities that public sites use. */
const PUBLIC_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";
const FOLDER = "/etc/jatra/authorities";

/**
 * Variables that name a mounted file, and the key that the file is made of: a process reads such a file only at its start, so its
 * contents count as the variable's value.
 */
export const FILE_VARIABLES: Readonly<Record<string, string>> = {
  NODE_EXTRA_CA_CERTS: AUTHORITIES_KEY,
  PGSSLROOTCERT: POSTGRES_AUTHORITY_KEY,
};

/** Keys that the Secret has for this platform; none where all stores are embedded. */
export function externalStoreKeys(platform: Platform): readonly string[] {
  const { postgres, redis, rabbitmq } = platform;
  return [
    ...(redis.embedded === undefined ? [REDIS_URL_KEY] : []),
    ...(rabbitmq.embedded === undefined ? [RABBITMQ_URL_KEY] : []),
    ...(hasAuthorities(platform) ? [AUTHORITIES_KEY] : []),
    ...(postgres.caSecretName === undefined ? [] : [POSTGRES_AUTHORITY_KEY]),
    ...givenDatabases(platform).flatMap(({ service }) =>
      DATABASE_USERS.map((user) => databaseUrlKey(service, user)),
    ),
  ];
}

const DATABASE_USERS = ["service", "migration"] as const;

/** Services whose database and login somebody else has made. */
function givenDatabases({ postgres, services }: Platform) {
  if (postgres.secretName !== undefined) return [];
  return services.flatMap(({ facts: { name, database } }) =>
    database === undefined ? [] : [{ service: name, database: database.name }],
  );
}

function databaseUrls(platform: Platform, given: SecretValues): [key: string, url: string][] {
  return givenDatabases(platform).flatMap(({ service, database }) => {
    const login = encodedLogin(given.get(databaseSecretName(service)) ?? {});
    return DATABASE_USERS.map((user): [string, string] => [
      databaseUrlKey(service, user),
      login === "" ? "" : databaseUrl(platform, user, database, login),
    ]);
  });
}

/**
 * Addresses of the external stores with their logins, and their authorities. People's passwords hold characters that a URL only
 * takes encoded, which `$(NAME)` in a variable can't do. What can't be made yet is left out.
 */
export function externalStoreValues(platform: Platform, given: SecretValues) {
  const { postgres, redis, rabbitmq } = platform;
  const authorityOf = (name: string | undefined) => {
    const text = given.get(name ?? "")?.[AUTHORITY_KEY] ?? "";
    return isCertificate(text) ? `${text.trim()}\n` : "";
  };
  const names = new Set([postgres, redis, rabbitmq].flatMap((store) => store.caSecretName ?? []));
  const authorities = [...names].map(authorityOf);
  const values: Record<string, string> = {
    [REDIS_URL_KEY]: redisUrl(platform, given.get(redis.secretName) ?? {}),
    [RABBITMQ_URL_KEY]: rabbitmqUrl(platform, given.get(rabbitmq.secretName) ?? {}),
    // With one of them missing, pods would refuse a store that they trust now.
    [AUTHORITIES_KEY]: authorities.includes("") ? "" : authorities.join(""),
    [POSTGRES_AUTHORITY_KEY]: authorityOf(postgres.caSecretName),
    ...Object.fromEntries(databaseUrls(platform, given)),
  };
  const keys = externalStoreKeys(platform).filter((key) => (values[key] ?? "") !== "");
  return Object.fromEntries(keys.map((key) => [key, values[key] ?? ""]));
}

/** The Secret that pods take the addresses and authorities of external stores from. */
export function externalStores({ platform, secrets }: Context): Child[] {
  if (externalStoreKeys(platform).length === 0) return [];
  const manifest = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadataOf(platform, EXTERNAL_STORES_SECRET, "jatra", "service"),
    type: "Opaque",
    data: secretData(secrets.get(EXTERNAL_STORES_SECRET) ?? {}),
  } satisfies V1Secret;
  return [child(platform, manifest)];
}

type Values = Readonly<Record<string, string>>;

function redisUrl({ redis }: Platform, { username, password }: Values): string {
  if (password === undefined || password === "") return "";
  const login = `${encodeURIComponent(username ?? "")}:${encodeURIComponent(password)}`;
  const base = `${redis.tls ? "rediss" : "redis"}://${login}@${redis.host}:${redis.port}`;
  // A cluster has one database only.
  return redis.isCluster ? `${base}/?cluster=true` : `${base}/0`;
}

/** Empty where one of the two is missing. */
function encodedLogin({ username = "", password = "" }: Values): string {
  if (username === "" || password === "") return "";
  return `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
}

function rabbitmqUrl({ rabbitmq }: Platform, values: Values): string {
  const login = encodedLogin(values);
  if (login === "") return "";
  return `${rabbitmq.tls ? "amqps" : "amqp"}://${login}@${rabbitmq.host}:${rabbitmq.port}/`;
}

function hasAuthorities({ postgres, redis, rabbitmq }: Platform): boolean {
  return [postgres, redis, rabbitmq].some((store) => store.caSecretName !== undefined);
}

interface Authorities {
  readonly env: EnvironmentVariable[];
  readonly volumeMounts: VolumeMount[];
  readonly volumes: Volume[];
}

/** What a Node container needs to trust the external stores' authorities; nothing where there are none. */
export function nodeAuthorities(platform: Platform): Authorities {
  if (!hasAuthorities(platform)) return { env: [], volumeMounts: [], volumes: [] };
  return mounted("NODE_EXTRA_CA_CERTS", AUTHORITIES_KEY);
}

/** The same for psql, which has to be told a file in any case. */
export function psqlAuthority({ postgres }: Platform): Authorities {
  const isMounted = postgres.caSecretName !== undefined;
  if (isMounted) return mounted("PGSSLROOTCERT", POSTGRES_AUTHORITY_KEY);
  const env = postgres.tls ? [plain("PGSSLROOTCERT", PUBLIC_AUTHORITIES)] : [];
  return { env, volumeMounts: [], volumes: [] };
}

function mounted(variable: string, key: string): Authorities {
  return {
    env: [plain(variable, `${FOLDER}/${key}`)],
    volumeMounts: [{ name: "authorities", mountPath: FOLDER, readOnly: true }],
    volumes: [
      {
        name: "authorities",
        secret: {
          secretName: EXTERNAL_STORES_SECRET,
          items: [{ key, path: key }],
          defaultMode: 0o440,
        },
      },
    ],
  };
}

/** PgBouncer's own: it reads its files again by itself. */
export function pgbouncerAuthority({ postgres }: Platform) {
  const isMounted = postgres.caSecretName !== undefined;
  const path = `authorities/${POSTGRES_AUTHORITY_KEY}`;
  return {
    file: isMounted ? `/etc/pgbouncer/${path}` : PUBLIC_AUTHORITIES,
    sources: isMounted
      ? [
          {
            secret: {
              name: EXTERNAL_STORES_SECRET,
              items: [{ key: POSTGRES_AUTHORITY_KEY, path }],
            },
          },
        ]
      : [],
  };
}
