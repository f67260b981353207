import type pg from "pg";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { ok } from "@jatra/common/http/reply.ts";
import { getOverview, listCircuitsAsAdmin } from "@jatra/contracts/http/admin.ts";
import { identityHeader } from "@jatra/contracts/identity.ts";
import { z } from "zod";
import { clientOf, type ServiceClients } from "../clients/service-clients.ts";
import type { AskHealth } from "../clients/ask-health.ts";
import { countTimetable } from "../clients/count-timetable.ts";
import { countRecent } from "../data/audit-store.ts";
import { bearerOf } from "./act-routes.ts";

type Dependencies = {
  readonly pool: pg.Pool;
  readonly clients: ServiceClients;
  readonly askHealth: AskHealth;
};

/** What an admin looks at first. Only looking: nothing of it is written down. */
export const overviewRoutes = ({ pool, clients, askHealth }: Dependencies): Route[] => [
  bind(getOverview, async () => {
    const [services, timetable, audit] = await Promise.all([
      Promise.all([...clients.keys()].map(askHealth)),
      countTimetable(clientOf(clients, "schedule")),
      countRecent(pool),
    ]);
    return ok({ services, timetable, audit });
  }),
  bind(listCircuitsAsAdmin, async ({ headers, requestId }) => {
    const authorization = bearerOf(headers);
    const answer = await clientOf(clients, "api-gateway").call({
      method: "GET",
      path: "/api/circuits",
      requestId,
      identity: String(headers[identityHeader]),
      headers: { authorization },
      response: z.looseObject({}),
    });
    if (answer.ok) return ok(answer.body);
    const bytes = Buffer.from(JSON.stringify(answer.body));
    return { status: answer.status, raw: { bytes, contentType: "application/problem+json" } };
  }),
];
