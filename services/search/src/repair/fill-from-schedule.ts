import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import { journeyPageSchema } from "@jatra/contracts/http/schedule.ts";
import { stationSchema, type Station } from "@jatra/contracts/timetable.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import { z } from "zod";
import { deleteEnded, insertJourney, unknownAmong } from "../data/journey-store.ts";
import { replaceStations } from "../data/station-store.ts";
import { giveTurnBack, takeTurn } from "../data/turn-store.ts";

type Dependencies = { readonly pool: pg.Pool; readonly schedule: InternalClient };

/** The message brings a new journey within a second; this is for the lost one, and for an empty database. */
const EVERY_SECONDS = 300;
/** About 20 kB a journey: half a megabyte a page. */
const PAGE_JOURNEYS = 25;
/** 250,000 journeys: far above any timetable, so a walk that doesn't end is found out. */
const PAGES_MAX = 10_000;
/** Ended journeys are never found by a search; a day of them is for people who look. */
const KEEP_ENDED_HOURS = 24;

const stationPageSchema = z.object({
  stations: z.array(stationSchema),
  nextCursor: z.string().nullable(),
});

/**
 * Takes in what the messages didn't bring: stations, and journeys that schedule-service has and the read model doesn't; drops
 * journeys that ended. One pod at a time; a failure gives the turn back. Answers how many journeys were missing.
 */
export const fillFromSchedule = async (dependencies: Dependencies): Promise<number> => {
  const { pool } = dependencies;
  if (!(await takeTurn(pool, "fill", EVERY_SECONDS))) return 0;
  try {
    await fillStations(dependencies);
    const missing = await fillJourneys(dependencies);
    await deleteEnded(pool, KEEP_ENDED_HOURS);
    return missing;
  } catch (error) {
    await giveTurnBack(pool, "fill");
    throw error;
  }
};

const fillStations = async ({ pool, schedule }: Dependencies): Promise<void> => {
  const stations: Station[] = [];
  let cursor = "";
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const path = `/api/stations?limit=100${cursor}`;
    const answer = await schedule.call({ method: "GET", path, response: stationPageSchema });
    if (!answer.ok) throw new Error(`schedule-service refused its stations: ${answer.code}`);
    stations.push(...answer.body.stations);
    if (answer.body.nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(answer.body.nextCursor)}`;
  }
  await inTransaction(pool, (transaction) => replaceStations(transaction, stations));
};

const fillJourneys = async (dependencies: Dependencies): Promise<number> => {
  let missing = 0;
  let after = "";
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await dependencies.schedule.call({
      method: "GET",
      path: `/internal/journeys?limit=${PAGE_JOURNEYS}${after}`,
      response: journeyPageSchema,
    });
    if (!answer.ok) throw new Error(`schedule-service refused its journeys: ${answer.code}`);
    missing += await insertMissing(dependencies.pool, answer.body.journeys);
    if (answer.body.nextCursor === null) return missing;
    after = `&after=${encodeURIComponent(answer.body.nextCursor)}`;
  }
  throw new Error("schedule-service's list of journeys did not end");
};

const insertMissing = async (pool: pg.Pool, journeys: readonly Journey[]): Promise<number> => {
  const unknown = await unknownAmong(
    pool,
    journeys.map(({ journeyId }) => journeyId),
  );
  let inserted = 0;
  for (const journey of journeys.filter(({ journeyId }) => unknown.has(journeyId))) {
    if (await inTransaction(pool, (transaction) => insertJourney(transaction, journey))) {
      inserted += 1;
    }
  }
  return inserted;
};
