import { z } from "zod";
import { moneySchema } from "../money.ts";
import { operation, type Operation } from "../operation.ts";
import {
  classSchema,
  cursorSchema,
  dateSchema,
  journeyIdSchema,
  pageQuery,
  stationCodeSchema,
  stopSchema,
  trainLabelSchema,
} from "../primitives.ts";

/** `from.at` is the departure there, `to.at` the arrival; fare and free seats are those of this stretch. */
export const foundJourneySchema = z.object({
  journeyId: journeyIdSchema,
  train: trainLabelSchema,
  from: stopSchema,
  to: stopSchema,
  classes: z.array(z.object({ class: classSchema, fare: moneySchema, seatsFree: z.int().min(0) })),
});
export type FoundJourney = z.infer<typeof foundJourneySchema>;

export const foundStationSchema = z.object({ code: stationCodeSchema, name: z.string() });
export type FoundStation = z.infer<typeof foundStationSchema>;

export const searchJourneys = operation({
  operationId: "searchJourneys",
  method: "get",
  path: "/api/search/journeys",
  summary: "Direct journeys between two stations on a day, with fares and free seats",
  description:
    "The day is the local day (Asia/Dhaka) of the departure at `from`. Journeys that have left `from` are not shown. " +
    "Free seats may be a moment old; availability and the lock decide.",
  access: "public",
  query: z.object({
    from: stationCodeSchema,
    to: stationCodeSchema,
    date: dateSchema,
    ...pageQuery,
  }),
  responses: {
    200: {
      description: "By departure at `from`",
      schema: z.object({
        journeys: z.array(foundJourneySchema),
        nextCursor: cursorSchema.nullable(),
      }),
    },
  },
  problems: ["validation_failed", "station_not_found", "route_invalid"],
});

export const searchStations = operation({
  operationId: "searchStations",
  method: "get",
  path: "/api/search/stations",
  summary: "Stations whose code or name contains the text, the closest first",
  access: "public",
  query: z.object({ q: z.string().trim().min(1).max(100), ...pageQuery }),
  responses: {
    200: {
      description: "Exact codes first, then beginnings, then the rest",
      schema: z.object({
        stations: z.array(foundStationSchema),
        nextCursor: cursorSchema.nullable(),
      }),
    },
  },
  problems: ["validation_failed"],
});

export const operations: readonly Operation[] = [searchJourneys, searchStations];
