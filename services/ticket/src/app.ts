import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp } from "@jatra/common/http/create-app.ts";
import type { RequestListener } from "node:http";
import type { RouteDependencies } from "./routes/dependencies.ts";
import { ticketRoutes } from "./routes/ticket-routes.ts";
import { validateRoute } from "./routes/validate-route.ts";

/** The HTTP side of ticket-service. */
export const createTicketApp = (
  routes: RouteDependencies,
  http: Omit<AppDependencies, "routes">,
): RequestListener =>
  createApp({ ...http, routes: [...ticketRoutes(routes), validateRoute(routes)] });
