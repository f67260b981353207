import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp as createHttpApp } from "@jatra/common/http/create-app.ts";
import type { RequestListener } from "node:http";
import type pg from "pg";
import { notificationRoutes } from "./routes/notification-routes.ts";

export type NotificationDependencies = Omit<AppDependencies, "routes" | "health"> & {
  readonly pool: pg.Pool;
  readonly accepting: () => boolean;
};

/** Notification's HTTP side. RabbitMQ is no part of readiness: without it, what was told before can still be read. */
export const createApp = (dependencies: NotificationDependencies): RequestListener => {
  const { pool, accepting } = dependencies;
  return createHttpApp({
    ...dependencies,
    routes: notificationRoutes(pool),
    health: {
      checks: { database: async () => void (await pool.query("SELECT 1")) },
      accepting,
    },
  });
};
