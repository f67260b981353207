import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import type { PageCache } from "@jatra/common/http/page-cache.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { created, noContent, ok } from "@jatra/common/http/reply.ts";
import * as contract from "@jatra/contracts/http/schedule.ts";
import type { RouteBody } from "@jatra/contracts/timetable.ts";
import {
  deleteRoute,
  findRoute,
  insertRoute,
  listRoutes,
  replaceRoute,
} from "../data/route-store.ts";
import { isReferenceFault } from "../data/violation.ts";
import { routeFault } from "../domain/check-route.ts";
import { listPage } from "./list-page.ts";
import { refuseInUse } from "./refuse-in-use.ts";

/** Routes with their stops: read by everybody, written by admins. */
export const routeRoutes = ({ pool, lists }: { pool: pg.Pool; lists: PageCache }): Route[] => [
  bind(contract.listRoutes, ({ query }) =>
    listPage(lists, "routes", query, (after, limit) => listRoutes(pool, after, limit)),
  ),
  bind(contract.getRoute, async ({ params }) => {
    const route = await findRoute(pool, params.id);
    if (!route) throw new Problem("not_found");
    return ok(route);
  }),
  bind(contract.createRoute, async ({ body }) => {
    if (!(await save(pool, body, insertRoute))) {
      throw new Problem("conflict", { detail: `There is a route ${body.id}.` });
    }
    lists.clear();
    return created(`/api/routes/${body.id}`, await findRoute(pool, body.id));
  }),
  bind(contract.replaceRoute, async ({ params, body }) => {
    const replaced = await save(pool, { ...body, id: params.id }, replaceRoute);
    if (!replaced) throw new Problem("not_found");
    lists.clear();
    return ok(await findRoute(pool, params.id));
  }),
  bind(contract.deleteRoute, async ({ params }) => {
    const deleted = await refuseInUse("A train", deleteRoute(pool, params.id));
    if (!deleted) throw new Problem("not_found");
    lists.clear();
    return noContent();
  }),
];

const save = async (
  pool: pg.Pool,
  route: RouteBody,
  write: typeof insertRoute,
): Promise<boolean> => {
  const fault = routeFault(route.stops);
  if (fault) throw new Problem("route_invalid", { detail: fault });
  return inTransaction(pool, (transaction) => write(transaction, route)).catch((cause: unknown) => {
    // The only reference of a route's stops is to their stations.
    if (isReferenceFault(cause)) throw new Problem("station_not_found", { cause });
    throw cause;
  });
};
