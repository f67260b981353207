import { generateKeyPairSync } from "node:crypto";
import { testIdentityPublicKey, testInternalToken } from "@jatra/testing/test-identity.ts";
import { serviceNames, serviceTable, type ServiceName } from "./service-table.ts";

export const providerKey = "prove-store:prove-provider-key";

/** Short, so that a payment that nobody answers is closed within a run. */
const PAYMENT_DEADLINE_SECONDS = 45;
/** Half the operator's default: eight services share one small PostgreSQL. */
const POOL_SIZE = 4;

/** What each service reads, over the addresses that a run gave to stores and services. */
export const environmentsOf = (addresses: {
  readonly databases: Readonly<Record<ServiceName, string>>;
  readonly services: Readonly<Record<ServiceName, string>>;
  readonly redisUrl: string;
  readonly rabbitmqUrl: string;
}): ((name: ServiceName) => Record<string, string>) => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const urls = serviceNames.map((name) => [serviceTable[name].urlName, addresses.services[name]]);
  const shared = {
    ...Object.fromEntries(urls),
    LOG_LEVEL: "info",
    IDENTITY_PUBLIC_KEY: testIdentityPublicKey,
    INTERNAL_TOKEN: testInternalToken,
    DATABASE_POOL_SIZE: String(POOL_SIZE),
    REDIS_URL: addresses.redisUrl,
    RABBITMQ_URL: addresses.rabbitmqUrl,
    PAYMENT_PROVIDER_KEY: providerKey,
    PAYMENT_WEBHOOK_SECRET: "prove-webhook-secret",
    PAYMENT_DEADLINE_SECONDS: String(PAYMENT_DEADLINE_SECONDS),
    TICKET_SIGNING_KEY: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
  };
  return (name) => ({
    ...shared,
    SERVICE_NAME: name,
    POD_NAME: `${name}-prove`,
    DATABASE_URL: addresses.databases[name],
  });
};
