import type { RequestListener } from "node:http";
import type pg from "pg";
import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp as createHttpApp } from "@jatra/common/http/create-app.ts";
import { searchRoutes } from "./routes/search-routes.ts";

export type SearchDependencies = Omit<AppDependencies, "routes" | "health"> & {
  readonly pool: pg.Pool;
  readonly accepting: () => boolean;
};

/** The HTTP side of search-service. Ready without RabbitMQ: an older answer is better than none, and repair goes by HTTP. */
export const createApp = (dependencies: SearchDependencies): RequestListener => {
  const { pool, accepting } = dependencies;
  const database = async (): Promise<void> => {
    await pool.query("SELECT 1");
  };
  return createHttpApp({
    ...dependencies,
    routes: searchRoutes({ pool }),
    health: { accepting, checks: { database } },
  });
};
