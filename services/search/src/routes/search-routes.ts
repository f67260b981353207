import type pg from "pg";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { decodeCursor, encodeCursor } from "@jatra/common/http/cursor.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { ok } from "@jatra/common/http/reply.ts";
import * as contract from "@jatra/contracts/http/search.ts";
import { journeyIdSchema, timestampSchema } from "@jatra/contracts/primitives.ts";
import { z } from "zod";
import { findJourneys } from "../data/find-journeys.ts";
import { findStations, knownStations } from "../data/station-store.ts";
import { dayBounds } from "../domain/day-bounds.ts";

const journeyKeySchema = z.tuple([timestampSchema, journeyIdSchema]);
const stationKeySchema = z.tuple([z.int().min(0).max(2), z.string().max(10)]);

/** Searching, open to everybody. */
export const searchRoutes = ({ pool }: { readonly pool: pg.Pool }): Route[] => [
  bind(contract.searchJourneys, async ({ query }) => {
    const { from, to, limit } = query;
    if (from === to) throw new Problem("route_invalid", { detail: "from and to are the same." });
    const day = dayBounds(query.date);
    const found = await findJourneys(pool, {
      from,
      to,
      departsFrom: day.from,
      departsBefore: day.before,
      after: decodeCursor(query.cursor, journeyKeySchema),
      limit: limit + 1,
    });
    // Only now: where there are journeys there are both stations, so the usual search is one query.
    if (found.length === 0) await requireStations(pool, [from, to]);
    const journeys = found.slice(0, limit);
    const last = found.length > limit ? journeys.at(-1) : undefined;
    const nextCursor = last ? encodeCursor([last.from.at, last.journeyId]) : null;
    return ok({ journeys, nextCursor });
  }),
  bind(contract.searchStations, async ({ query }) => {
    const after = decodeCursor(query.cursor, stationKeySchema);
    const found = await findStations(pool, { text: query.q, after, limit: query.limit + 1 });
    const shown = found.slice(0, query.limit);
    const last = found.length > query.limit ? shown.at(-1) : undefined;
    const nextCursor = last ? encodeCursor([last.rank, last.code]) : null;
    return ok({ stations: shown.map(({ code, name }) => ({ code, name })), nextCursor });
  }),
];

const requireStations = async (pool: pg.Pool, codes: readonly string[]): Promise<void> => {
  const known = await knownStations(pool, codes);
  const unknown = codes.find((code) => !known.has(code));
  if (unknown === undefined) return;
  throw new Problem("station_not_found", { detail: `There is no station ${unknown}.` });
};
