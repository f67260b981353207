import type pg from "pg";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import type { PageCache } from "@jatra/common/http/page-cache.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { created, noContent, ok } from "@jatra/common/http/reply.ts";
import * as contract from "@jatra/contracts/http/schedule.ts";
import {
  deleteStation,
  findStation,
  insertStation,
  listStations,
  renameStation,
} from "../data/station-store.ts";
import { listPage } from "./list-page.ts";
import { refuseInUse } from "./refuse-in-use.ts";

/** Stations: read by everybody, written by admins. */
export const stationRoutes = ({ pool, lists }: { pool: pg.Pool; lists: PageCache }): Route[] => [
  bind(contract.listStations, ({ query }) =>
    listPage(lists, "stations", query, (after, limit) => listStations(pool, after, limit)),
  ),
  bind(contract.getStation, async ({ params }) => {
    const station = await findStation(pool, params.id);
    if (!station) throw unknownStation(params.id);
    return ok(station);
  }),
  bind(contract.createStation, async ({ body }) => {
    if (!(await insertStation(pool, body))) {
      throw new Problem("conflict", { detail: `There is a station ${body.code}.` });
    }
    lists.clear();
    return created(`/api/stations/${body.code}`, { id: body.code, ...body });
  }),
  bind(contract.replaceStation, async ({ params, body }) => {
    if (!(await renameStation(pool, params.id, body.name))) throw unknownStation(params.id);
    lists.clear();
    return ok({ id: params.id, code: params.id, name: body.name });
  }),
  bind(contract.deleteStation, async ({ params }) => {
    const deleted = await refuseInUse("A route", deleteStation(pool, params.id));
    if (!deleted) throw unknownStation(params.id);
    lists.clear();
    return noContent();
  }),
];

const unknownStation = (code: string): Problem =>
  new Problem("station_not_found", { detail: `There is no station ${code.slice(0, 10)}.` });
