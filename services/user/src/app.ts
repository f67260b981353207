import type { RequestListener } from "node:http";
import type pg from "pg";
import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp as createHttpApp } from "@jatra/common/http/create-app.ts";
import { passengerRoutes } from "./routes/passenger-routes.ts";
import { profileRoutes } from "./routes/profile-routes.ts";

export type UserDependencies = Omit<AppDependencies, "routes" | "health"> & {
  readonly pool: pg.Pool;
  readonly accepting: () => boolean;
};

/** The HTTP side. RabbitMQ is no part of readiness: profiles are made from identities too. */
export const createApp = (dependencies: UserDependencies): RequestListener => {
  const { pool, accepting } = dependencies;
  return createHttpApp({
    ...dependencies,
    routes: [...profileRoutes(pool), ...passengerRoutes(pool)],
    health: { checks: { database: async () => void (await pool.query("SELECT 1")) }, accepting },
  });
};
