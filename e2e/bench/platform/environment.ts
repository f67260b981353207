import { generateKeyPairSync, randomBytes } from "node:crypto";
import { services } from "@jatra/contracts/service-names.ts";

/** Secrets of one run; on the platform the operator makes them. */
export type Secrets = {
  readonly identityPrivateKey: string;
  readonly identityPublicKey: string;
  readonly ticketSigningKey: string;
  readonly internalToken: string;
  readonly keyEncryptionKey: string;
  readonly providerKey: string;
  readonly webhookSecret: string;
};

export const makeSecrets = (): Secrets => {
  const identity = generateKeyPairSync("ed25519");
  const ticket = generateKeyPairSync("ed25519");
  return {
    identityPrivateKey: base64(identity.privateKey.export({ type: "pkcs8", format: "der" })),
    identityPublicKey: base64(identity.publicKey.export({ type: "spki", format: "der" })),
    ticketSigningKey: base64(ticket.privateKey.export({ type: "pkcs8", format: "der" })),
    internalToken: randomBytes(24).toString("hex"),
    keyEncryptionKey: base64(randomBytes(32)),
    providerKey: randomBytes(16).toString("hex"),
    webhookSecret: randomBytes(16).toString("hex"),
  };
};

const base64 = (bytes: Buffer): string => bytes.toString("base64");

/** Connections of a pod's pool, as the operator sets them; those of the others below. */
const poolSizes: Readonly<Record<string, number>> = {
  "seat-reservation": 8,
  booking: 9,
  payment: 8,
  "payment-simulator": 5,
};
const POOL_SIZE = 6;

/** Far above what one machine sends from its one address: the limiter works and refuses nobody. */
const REQUESTS_PER_SECOND = "1000000";

/** The environment of a service as docs/architecture.md has it. */
export const environmentOf = (
  service: string,
  context: {
    readonly secrets: Secrets;
    readonly ports: ReadonlyMap<string, number>;
    readonly databaseUrl: string | undefined;
    readonly redisUrl: string;
    readonly rabbitmqUrl: string;
    readonly more: Readonly<Record<string, string>>;
  },
): Record<string, string> => {
  const { secrets, ports, databaseUrl } = context;
  const known = Object.entries(services).find(([name]) => name === service)?.[1];
  return {
    NODE_ENV: "production",
    SERVICE_NAME: known?.deployment ?? service,
    POD_NAME: `${service}-bench`,
    PORT: String(ports.get(service)),
    LOG_LEVEL: "info",
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    DATABASE_POOL_SIZE: String(poolSizes[service] ?? POOL_SIZE),
    REDIS_URL: context.redisUrl,
    RABBITMQ_URL: context.rabbitmqUrl,
    IDENTITY_PUBLIC_KEY: secrets.identityPublicKey,
    ...(service === "api-gateway" ? { IDENTITY_PRIVATE_KEY: secrets.identityPrivateKey } : {}),
    INTERNAL_TOKEN: secrets.internalToken,
    ADMIN_EMAIL: "admin@example.com",
    ADMIN_PASSWORD: secrets.providerKey,
    KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey,
    TICKET_SIGNING_KEY: secrets.ticketSigningKey,
    PAYMENT_PROVIDER: "simulator",
    PAYMENT_PROVIDER_KEY: secrets.providerKey,
    PAYMENT_WEBHOOK_SECRET: secrets.webhookSecret,
    RATE_LIMIT_REQUESTS_PER_SECOND: REQUESTS_PER_SECOND,
    ...urlsOf(ports),
    API_GATEWAY_URL: `http://127.0.0.1:${ports.get("api-gateway") ?? 9}`,
    ...context.more,
  };
};

/** `BOOKING_SERVICE_URL=http://127.0.0.1:…` of all; what doesn't run stands at a port that nobody listens at. */
const urlsOf = (ports: ReadonlyMap<string, number>): Record<string, string> =>
  Object.fromEntries(
    [...Object.keys(services), "payment-simulator"].map((service) => {
      const name = service.toUpperCase().replaceAll("-", "_");
      const variable = service === "payment-simulator" ? `${name}_URL` : `${name}_SERVICE_URL`;
      return [variable, `http://127.0.0.1:${ports.get(service) ?? 9}`];
    }),
  );
