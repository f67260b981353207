import {
  ADMIN_SECRET,
  AUTH_KEYS_SECRET,
  databaseSecretName,
  IDENTITY_SECRET,
  INTERNAL_TOKEN_SECRET,
  PAYMENT_PROVIDER_SECRET,
  PEOPLE_ROLE,
  PEOPLE_SECRET,
  PGBOUNCER,
  POSTGRES,
  POSTGRES_SECRET,
  RABBITMQ,
  RABBITMQ_SECRET,
  REDIS,
  REDIS_SECRET,
  TICKET_KEYS_SECRET,
} from "../../metadata/names.ts";
import type { Platform } from "../platform.ts";
import {
  deriveBytes,
  deriveEd25519PrivateKey,
  derivePassword,
  ed25519PublicKeyOf,
} from "./key-material.ts";

type Values = Readonly<Record<string, string>>;

/** A Secret the operator generates once and never changes by itself. */
export interface GeneratedSecret {
  readonly name: string;
  /** Deployment or StatefulSet it belongs to, for the label `app`. */
  readonly app: string;
  /** Unlocks data on a volume: kept as long as that. */
  readonly unlocksVolume: boolean;
  /** A fresh value of every key that is drawn; what exists already stays instead. */
  readonly values: (seed: Buffer) => Values;
  /** Values that follow from the others. */
  readonly derived?: (values: Values) => Values;
}

/** The first admin's login name; a person may change it in the Secret before the first start. */
const ADMIN_EMAIL = "admin@jatra.example";

/** Every generated Secret of the platform. */
export function generatedSecrets(platform: Platform): readonly GeneratedSecret[] {
  return [
    ...storeSecrets(platform),
    ...platform.services.flatMap(({ facts }) =>
      facts.database === undefined || platform.postgres.secretName === undefined
        ? []
        : [roleSecret(facts.name, facts.database.role)],
    ),
    {
      ...passwordSecret(PEOPLE_SECRET, PGBOUNCER, { username: PEOPLE_ROLE }),
      unlocksVolume: true,
    },
    { ...passwordSecret(ADMIN_SECRET, "auth-service", { email: ADMIN_EMAIL }) },
    {
      name: AUTH_KEYS_SECRET,
      app: "auth-service",
      unlocksVolume: true,
      values: (seed) => ({
        "key-encryption-key": deriveBytes(seed, AUTH_KEYS_SECRET, 32).toString("base64"),
      }),
    },
    {
      name: TICKET_KEYS_SECRET,
      app: "ticket-service",
      unlocksVolume: true,
      values: (seed) => ({ "signing-key": deriveEd25519PrivateKey(seed, TICKET_KEYS_SECRET) }),
    },
    identitySecret(),
    {
      name: INTERNAL_TOKEN_SECRET,
      app: "jatra",
      unlocksVolume: false,
      values: (seed) => ({ token: derivePassword(seed, INTERNAL_TOKEN_SECRET) }),
    },
    ...(platform.payments.generated ? [providerSecret()] : []),
  ];
}

function storeSecrets(platform: Platform): readonly GeneratedSecret[] {
  const secrets: GeneratedSecret[] = [];
  if (platform.postgres.embedded !== undefined) {
    secrets.push(passwordSecret(POSTGRES_SECRET, POSTGRES, { username: "postgres" }));
  }
  if (platform.redis.embedded !== undefined) secrets.push(passwordSecret(REDIS_SECRET, REDIS, {}));
  if (platform.rabbitmq.embedded !== undefined) secrets.push(rabbitmqSecret());
  return secrets;
}

function passwordSecret(name: string, app: string, fixed: Values): GeneratedSecret {
  return {
    name,
    app,
    unlocksVolume: true,
    values: (seed) => ({ ...fixed, password: derivePassword(seed, name) }),
  };
}

function roleSecret(serviceName: string, role: string): GeneratedSecret {
  return passwordSecret(databaseSecretName(serviceName), serviceName, { username: role });
}

function rabbitmqSecret(): GeneratedSecret {
  return {
    name: RABBITMQ_SECRET,
    app: RABBITMQ,
    unlocksVolume: true,
    values: (seed) => ({
      username: "jatra",
      password: derivePassword(seed, RABBITMQ_SECRET),
      "erlang-cookie": derivePassword(seed, `${RABBITMQ_SECRET}/erlang-cookie`),
    }),
  };
}

/** The public key always belongs to the private one, also when only one of them was lost. */
function identitySecret(): GeneratedSecret {
  return {
    name: IDENTITY_SECRET,
    app: "api-gateway",
    unlocksVolume: false,
    values: (seed) => ({ "private-key": deriveEd25519PrivateKey(seed, IDENTITY_SECRET) }),
    derived: (values) => ({ "public-key": ed25519PublicKeyOf(values["private-key"] ?? "") }),
  };
}

function providerSecret(): GeneratedSecret {
  return {
    name: PAYMENT_PROVIDER_SECRET,
    app: "payment-service",
    unlocksVolume: false,
    values: (seed) => ({
      "provider-key": derivePassword(seed, `${PAYMENT_PROVIDER_SECRET}/provider-key`),
      "webhook-secret": derivePassword(seed, `${PAYMENT_PROVIDER_SECRET}/webhook-secret`),
    }),
  };
}
