import { eventually } from "@jatra/testing/eventually.ts";
import { internalHeaders } from "@jatra/testing/test-identity.ts";
import { readJourneys } from "../../processes/read-journeys.ts";
import type { SalePlatform } from "../platform/sale-platform.ts";

/** What a buyer has to know of a journey. */
export type JourneySeats = {
  readonly journeyId: string;
  /** Station codes in order: leg n runs from stop n to stop n + 1. */
  readonly stops: readonly string[];
  readonly seatIds: readonly string[];
};

/** Before that a train may leave in the middle of a run, and a cancellation no longer gives all back. */
const DEPARTS_AFTER_MS = 72 * 3_600_000;
/** With fewer stops there is nothing to overlap. */
const STOPS_MIN = 4;
/** A new schedule-service publishes its days one after the other, in the background. */
const PUBLISHED_WITHIN_MS = 120_000;

/** At least `wanted` journeys that still lie days ahead, in schedule-service's own order; each sale gets one of its own. */
export const findJourneys = (platform: SalePlatform, wanted: number): Promise<JourneySeats[]> =>
  eventually(async () => {
    const found = await findSaleable(platform);
    return found.length >= wanted ? found : undefined;
  }, PUBLISHED_WITHIN_MS);

const findSaleable = async (platform: SalePlatform): Promise<JourneySeats[]> => {
  const earliest = Date.now() + DEPARTS_AFTER_MS;
  return (await readJourneys(platform.urlOf("schedule"), internalHeaders))
    .filter(({ stops }) => stops.length >= STOPS_MIN)
    .filter(({ stops }) => Date.parse(stops[0]?.departsAt ?? "") > earliest)
    .map(({ journeyId, stops, coaches }) => ({
      journeyId,
      stops: stops.map(({ code }) => code),
      seatIds: coaches.flatMap(({ seats }) => seats.map(({ seatId }) => seatId)),
    }));
};
