import type { RequestListener } from "node:http";
import type pg from "pg";
import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp as createHttpApp } from "@jatra/common/http/create-app.ts";
import type { ServiceName } from "@jatra/contracts/service-names.ts";
import { createAskHealth } from "./clients/ask-health.ts";
import { createServiceClients } from "./clients/service-clients.ts";
import { actRoutes } from "./routes/act-routes.ts";
import { auditRoutes } from "./routes/audit-routes.ts";
import { overviewRoutes } from "./routes/overview-routes.ts";

export type AdminDependencies = Omit<AppDependencies, "routes" | "health"> & {
  readonly pool: pg.Pool;
  readonly serviceUrls: ReadonlyMap<ServiceName, string>;
  readonly accepting: () => boolean;
};

/** The HTTP side of admin-service. Ready with its database alone: the log must work, and what else is away it shows. */
export const createApp = (dependencies: AdminDependencies): RequestListener => {
  const { pool, accepting, serviceUrls } = dependencies;
  const clients = createServiceClients(serviceUrls, dependencies.internalToken);
  const database = async (): Promise<void> => {
    await pool.query("SELECT 1");
  };
  return createHttpApp({
    ...dependencies,
    routes: [
      ...overviewRoutes({ pool, clients, askHealth: createAskHealth(serviceUrls) }),
      ...auditRoutes({ pool }),
      ...actRoutes({ pool, clients }),
    ],
    health: { accepting, checks: { database } },
  });
};
