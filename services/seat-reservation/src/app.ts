import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp } from "@jatra/common/http/create-app.ts";
import type { RequestListener } from "node:http";
import { acquireRoute } from "./routes/acquire-route.ts";
import { availabilityRoute } from "./routes/availability-route.ts";
import type { RouteDependencies } from "./routes/dependencies.ts";
import { internalRoutes } from "./routes/internal-routes.ts";
import { lockRoutes } from "./routes/lock-routes.ts";

/** The HTTP side of seat-reservation-service. */
export const createSeatApp = (
  routes: RouteDependencies,
  http: Omit<AppDependencies, "routes">,
): RequestListener =>
  createApp({
    ...http,
    routes: [
      availabilityRoute(routes),
      acquireRoute(routes),
      ...lockRoutes(routes),
      ...internalRoutes(routes),
    ],
  });
