import { createInternalClient, type InternalClient } from "@jatra/common/http/internal-client.ts";
import type { ServiceName } from "@jatra/contracts/service-names.ts";

/** One client a service that admin-service acts at or looks after. */
export type ServiceClients = ReadonlyMap<ServiceName, InternalClient>;

/** Longer than any service's own work on a request: an act that is given up too early is an open question in the log. */
const TIMEOUT_MS = 10_000;

export const createServiceClients = (
  urls: ReadonlyMap<ServiceName, string>,
  token: string,
): ServiceClients =>
  new Map(
    [...urls].map(([service, baseUrl]) => [
      service,
      createInternalClient({ baseUrl, token, timeoutMs: TIMEOUT_MS }),
    ]),
  );

/** Throws for a service that the process was not told of: a fault of its configuration. */
export const clientOf = (clients: ServiceClients, service: ServiceName): InternalClient => {
  const client = clients.get(service);
  if (!client) throw new Error(`no address of ${service}`);
  return client;
};
