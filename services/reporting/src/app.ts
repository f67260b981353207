import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp as createHttpApp } from "@jatra/common/http/create-app.ts";
import type { RequestListener } from "node:http";
import type pg from "pg";
import { reportRoutes } from "./routes/report-routes.ts";

export type ReportingDependencies = Omit<AppDependencies, "routes" | "health"> & {
  readonly pool: pg.Pool;
  readonly accepting: () => boolean;
};

/** Reporting's HTTP side. RabbitMQ is no part of readiness: without it, reports answer as of the last event. */
export const createApp = (dependencies: ReportingDependencies): RequestListener => {
  const { pool, accepting } = dependencies;
  return createHttpApp({
    ...dependencies,
    routes: reportRoutes(pool),
    health: {
      checks: { database: async () => void (await pool.query("SELECT 1")) },
      accepting,
    },
  });
};
