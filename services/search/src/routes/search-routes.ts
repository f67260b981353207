import type pg from "pg";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { decodeCursor } from "@jatra/common/http/cursor.ts";
import { cutPage } from "@jatra/common/http/cut-page.ts";
import type { PageCache } from "@jatra/common/http/page-cache.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { ok } from "@jatra/common/http/reply.ts";
import * as contract from "@jatra/contracts/http/search.ts";
import type { FoundJourney } from "@jatra/contracts/http/search.ts";
import { journeyIdSchema, timestampSchema } from "@jatra/contracts/primitives.ts";
import { z } from "zod";
import { findJourneys, type JourneyQuery } from "../data/find-journeys.ts";
import { findStations, knownStations } from "../data/station-store.ts";
import { dayBounds } from "../domain/day-bounds.ts";

const journeyKeySchema = z.tuple([timestampSchema, journeyIdSchema]);
const stationKeySchema = z.tuple([z.int().min(0).max(2), z.string().max(10)]);

/** Searching, open to everybody. */
export const searchRoutes = (dependencies: {
  readonly pool: pg.Pool;
  readonly found: PageCache;
}): Route[] => {
  const { pool, found } = dependencies;
  return [
    bind(contract.searchJourneys, async ({ query: { from, to, date, cursor, limit } }) => {
      if (from === to) throw new Problem("route_invalid", { detail: "from and to are the same." });
      // Read before the cache is asked, so that what was made up can't fill it.
      const day = dayBounds(date);
      const after = decodeCursor(cursor, journeyKeySchema);
      return found.page(JSON.stringify([from, to, date, after, limit]), () =>
        findPage(pool, {
          from,
          to,
          departsFrom: day.from,
          departsBefore: day.before,
          after,
          limit,
        }),
      );
    }),
    bind(contract.searchStations, async ({ query }) => {
      const after = decodeCursor(query.cursor, stationKeySchema);
      const found = await findStations(pool, { text: query.q, after, limit: query.limit + 1 });
      const keyOf = ({ rank, code }: (typeof found)[number]) => [rank, code];
      const { shown, nextCursor } = cutPage(found, query.limit, keyOf);
      return ok({ stations: shown.map(({ code, name }) => ({ code, name })), nextCursor });
    }),
  ];
};

const findPage = async (
  pool: pg.Pool,
  query: JourneyQuery,
): Promise<{ journeys: readonly FoundJourney[]; nextCursor: string | null }> => {
  const { from, to, limit } = query;
  const found = await findJourneys(pool, { ...query, limit: limit + 1 });
  // Only now: where there are journeys there are both stations, so the usual search is one query.
  if (found.length === 0) await requireStations(pool, [from, to]);
  const keyOf = ({ from: { at }, journeyId }: FoundJourney) => [at, journeyId];
  const { shown, nextCursor } = cutPage(found, limit, keyOf);
  return { journeys: shown, nextCursor };
};

const requireStations = async (pool: pg.Pool, codes: readonly string[]): Promise<void> => {
  const known = await knownStations(pool, codes);
  const unknown = codes.find((code) => !known.has(code));
  if (unknown === undefined) return;
  throw new Problem("station_not_found", { detail: `There is no station ${unknown}.` });
};
