import type { RequestListener } from "node:http";
import type pg from "pg";
import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp as createHttpApp } from "@jatra/common/http/create-app.ts";
import { createPageCache } from "@jatra/common/http/page-cache.ts";
import { searchRoutes } from "./routes/search-routes.ts";

/** The days, stations and pages that a crowd looks for, at some kB each: 10 MB. */
const FOUND_MAX = 2_000;
/** Free seats are told by messages that take longer on their way. */
const FOUND_TTL_MS = 1_000;

export type SearchDependencies = Omit<AppDependencies, "routes" | "health"> & {
  readonly pool: pg.Pool;
  readonly accepting: () => boolean;
  /** How old an answer to a search may be; tests want to see at once what they have changed. */
  readonly foundTtlMs?: number;
};

/** The HTTP side of search-service. Ready without RabbitMQ: an older answer is better than none, and repair goes by HTTP. */
export const createApp = (dependencies: SearchDependencies): RequestListener => {
  const { pool, accepting, foundTtlMs = FOUND_TTL_MS } = dependencies;
  const found = createPageCache({ ttlMs: foundTtlMs, pagesMax: FOUND_MAX });
  const database = async (): Promise<void> => {
    await pool.query("SELECT 1");
  };
  return createHttpApp({
    ...dependencies,
    routes: searchRoutes({ pool, found }),
    health: { accepting, checks: { database } },
  });
};
