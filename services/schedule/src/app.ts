import type { RequestListener } from "node:http";
import type pg from "pg";
import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp as createHttpApp } from "@jatra/common/http/create-app.ts";
import { createPageCache } from "@jatra/common/http/page-cache.ts";
import { createJourneyCache } from "./data/journey-cache.ts";
import { fareRoutes } from "./routes/fare-routes.ts";
import { internalRoutes } from "./routes/internal-routes.ts";
import { journeyRoutes } from "./routes/journey-routes.ts";
import { routeRoutes } from "./routes/route-routes.ts";
import { stationRoutes } from "./routes/station-routes.ts";
import { trainRoutes } from "./routes/train-routes.ts";

/** What an admin changes at another pod shows here two seconds later; a page is at most some 100 kB. */
const LISTS = { ttlMs: 2_000, pagesMax: 100 } as const;

export type ScheduleDependencies = Omit<AppDependencies, "routes" | "health"> & {
  readonly pool: pg.Pool;
  readonly accepting: () => boolean;
  readonly now?: () => Date;
  readonly trainsChanged: () => void;
  readonly journeyPublished: () => void;
};

/** The HTTP side of schedule-service. */
export const createApp = (dependencies: ScheduleDependencies): RequestListener => {
  const shared = {
    now: () => new Date(),
    ...dependencies,
    lists: createPageCache(LISTS),
    findJourney: createJourneyCache(dependencies.pool),
  };
  const routes = [
    ...stationRoutes(shared),
    ...routeRoutes(shared),
    ...trainRoutes(shared),
    ...fareRoutes(shared),
    ...journeyRoutes(shared),
    ...internalRoutes(shared),
  ];
  return createHttpApp({ ...dependencies, routes, health: healthOf(dependencies) });
};

/** Without RabbitMQ the timetable can be read and sold from all the same: what is published waits in the outbox. */
const healthOf = ({ pool, accepting }: ScheduleDependencies): AppDependencies["health"] => ({
  accepting,
  checks: {
    database: async () => {
      await pool.query("SELECT 1");
    },
  },
});
