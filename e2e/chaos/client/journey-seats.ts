import { journeySchema } from "@jatra/contracts/messages/journey-published.ts";
import { internalHeaders } from "@jatra/testing/test-identity.ts";
import { z } from "zod";
import type { SalePlatform } from "../platform/sale-platform.ts";

/** What a buyer has to know of a journey. */
export type JourneySeats = {
  readonly journeyId: string;
  /** Station codes in order: leg n runs from stop n to stop n + 1. */
  readonly stops: readonly string[];
  readonly seatIds: readonly string[];
};

const pageSchema = z.object({ journeys: z.array(journeySchema) });

/** Before that a train may leave in the middle of a run, and a cancellation no longer gives all back. */
const DEPARTS_AFTER_MS = 72 * 3_600_000;

/** Journeys that still lie days ahead, in schedule-service's own order; a fault gets some of its own. */
export const findJourneys = async (platform: SalePlatform): Promise<JourneySeats[]> => {
  const url = `${platform.urlOf("schedule")}/internal/journeys?limit=100`;
  const answer = await fetch(url, { headers: internalHeaders });
  const { journeys } = pageSchema.parse(await answer.json());
  const earliest = Date.now() + DEPARTS_AFTER_MS;
  return journeys
    .filter(({ stops }) => Date.parse(stops[0]?.departsAt ?? "") > earliest)
    .map(({ journeyId, stops, coaches }) => ({
      journeyId,
      stops: stops.map(({ code }) => code),
      seatIds: coaches.flatMap(({ seats }) => seats.map(({ seatId }) => seatId)),
    }));
};
