import { z } from "zod";
import { journeySchema } from "../messages/journey-published.ts";
import { operation, type Operation } from "../operation.ts";
import { cursorSchema, dateSchema, journeyIdSchema, pageQuery } from "../primitives.ts";
import {
  fareBodySchema,
  fareVersionSchema,
  routeBodySchema,
  routeChangeSchema,
  routeSchema,
  stationBodySchema,
  stationChangeSchema,
  stationSchema,
  trainBodySchema,
  trainChangeSchema,
  trainNumberSchema,
  trainSchema,
} from "../timetable.ts";

const idParams = z.object({ id: z.string().min(1).max(64) });
const pageSchema = z.object(pageQuery);
const nextCursor = cursorSchema.nullable();

const list = (description: string, name: string, schema: z.ZodType) => ({
  200: { description, schema: z.object({ [name]: z.array(schema), nextCursor }) },
});
const shown = (schema: z.ZodType) => ({ 200: { description: "As it is now", schema } });
const made = (schema: z.ZodType) => ({ 201: { description: "Made", schema } });
const removed = { 204: { description: "Removed" } };

export const listStations = operation({
  operationId: "listStations",
  method: "get",
  path: "/api/stations",
  summary: "All stations, by code",
  access: "public",
  query: pageSchema,
  responses: list("A page of stations", "stations", stationSchema),
  problems: ["validation_failed"],
});
export const getStation = operation({
  operationId: "getStation",
  method: "get",
  path: "/api/stations/:id",
  summary: "One station by its code",
  access: "public",
  params: idParams,
  responses: shown(stationSchema),
  problems: ["station_not_found"],
});
export const createStation = operation({
  operationId: "createStation",
  method: "post",
  path: "/api/stations",
  summary: "Add a station",
  access: "admin",
  body: stationBodySchema,
  responses: made(stationSchema),
  problems: ["validation_failed", "conflict"],
});
export const replaceStation = operation({
  operationId: "replaceStation",
  method: "put",
  path: "/api/stations/:id",
  summary: "Rename a station; its code stays",
  access: "admin",
  params: idParams,
  body: stationChangeSchema,
  responses: shown(stationSchema),
  problems: ["validation_failed", "station_not_found"],
});
export const deleteStation = operation({
  operationId: "deleteStation",
  method: "delete",
  path: "/api/stations/:id",
  summary: "Remove a station that no route uses",
  access: "admin",
  params: idParams,
  responses: removed,
  problems: ["station_not_found", "conflict"],
});

export const listRoutes = operation({
  operationId: "listRoutes",
  method: "get",
  path: "/api/routes",
  summary: "All routes with their stops",
  access: "public",
  query: pageSchema,
  responses: list("A page of routes", "routes", routeSchema),
  problems: ["validation_failed"],
});
export const getRoute = operation({
  operationId: "getRoute",
  method: "get",
  path: "/api/routes/:id",
  summary: "One route with its stops",
  access: "public",
  params: idParams,
  responses: shown(routeSchema),
  problems: ["not_found"],
});
export const createRoute = operation({
  operationId: "createRoute",
  method: "post",
  path: "/api/routes",
  summary: "Add a route",
  access: "admin",
  body: routeBodySchema,
  responses: made(routeSchema),
  problems: ["validation_failed", "station_not_found", "route_invalid", "conflict"],
});
export const replaceRoute = operation({
  operationId: "replaceRoute",
  method: "put",
  path: "/api/routes/:id",
  summary: "Change a route; published journeys keep theirs",
  access: "admin",
  params: idParams,
  body: routeChangeSchema,
  responses: shown(routeSchema),
  problems: ["validation_failed", "not_found", "station_not_found", "route_invalid"],
});
export const deleteRoute = operation({
  operationId: "deleteRoute",
  method: "delete",
  path: "/api/routes/:id",
  summary: "Remove a route that no train uses",
  access: "admin",
  params: idParams,
  responses: removed,
  problems: ["not_found", "conflict"],
});

export const listTrains = operation({
  operationId: "listTrains",
  method: "get",
  path: "/api/trains",
  summary: "All trains, by number",
  access: "public",
  query: pageSchema,
  responses: list("A page of trains", "trains", trainSchema),
  problems: ["validation_failed"],
});
export const getTrain = operation({
  operationId: "getTrain",
  method: "get",
  path: "/api/trains/:id",
  summary: "One train by its number",
  access: "public",
  params: idParams,
  responses: shown(trainSchema),
  problems: ["not_found"],
});
export const createTrain = operation({
  operationId: "createTrain",
  method: "post",
  path: "/api/trains",
  summary: "Add a train with its coaches; its journeys follow by themselves",
  access: "admin",
  body: trainBodySchema,
  responses: made(trainSchema),
  problems: ["validation_failed", "not_found", "conflict"],
});
export const replaceTrain = operation({
  operationId: "replaceTrain",
  method: "put",
  path: "/api/trains/:id",
  summary: "Change a train; published journeys stay as they are",
  access: "admin",
  params: idParams,
  body: trainChangeSchema,
  responses: shown(trainSchema),
  problems: ["validation_failed", "not_found", "conflict"],
});
export const deleteTrain = operation({
  operationId: "deleteTrain",
  method: "delete",
  path: "/api/trains/:id",
  summary: "Remove a train that never had a journey",
  access: "admin",
  params: idParams,
  responses: removed,
  problems: ["not_found", "conflict"],
});

export const listFares = operation({
  operationId: "listFares",
  method: "get",
  path: "/api/fares",
  summary: "Fare versions, newest first",
  access: "admin",
  query: pageSchema,
  responses: list("A page of fare versions", "fares", fareVersionSchema),
  problems: ["validation_failed"],
});
export const getFare = operation({
  operationId: "getFare",
  method: "get",
  path: "/api/fares/:id",
  summary: "One fare version",
  access: "admin",
  params: idParams,
  responses: shown(fareVersionSchema),
  problems: ["not_found"],
});
export const createFare = operation({
  operationId: "createFare",
  method: "post",
  path: "/api/fares",
  summary: "A new fare version, for journeys published from now on",
  access: "admin",
  body: fareBodySchema,
  responses: made(fareVersionSchema),
  problems: ["validation_failed"],
});

export const getJourney = operation({
  operationId: "getJourney",
  method: "get",
  path: "/api/journeys/:id",
  summary: "A journey: stops, coaches, seats, fare rates",
  access: "public",
  params: idParams,
  responses: shown(journeySchema),
  problems: ["not_found"],
});
export const publishJourney = operation({
  operationId: "publishJourney",
  method: "post",
  path: "/api/journeys",
  summary: "Publish a journey of a train on a day (extra days, or further ahead than ten)",
  access: "admin",
  body: z.strictObject({ trainId: trainNumberSchema, date: dateSchema }),
  responses: made(journeySchema),
  problems: ["validation_failed", "not_found", "conflict", "journey_departed"],
});

export const getInternalJourney = operation({
  operationId: "getInternalJourney",
  method: "get",
  path: "/internal/journeys/:journeyId",
  summary: "The full journey; it never changes, so callers may keep it",
  access: "internal",
  params: z.object({ journeyId: journeyIdSchema }),
  responses: shown(journeySchema),
  problems: ["not_found"],
});
/** `after` is the `nextCursor` of the page before; `nextCursor: null` ends the walk. */
export const journeyPageSchema = z.object({ journeys: z.array(journeySchema), nextCursor });
export const listInternalJourneys = operation({
  operationId: "listInternalJourneys",
  method: "get",
  path: "/internal/journeys",
  summary: "All published journeys that have not ended, by id",
  access: "internal",
  query: z.object({ after: cursorSchema.optional(), limit: pageQuery.limit }),
  responses: { 200: { description: "A page of journeys", schema: journeyPageSchema } },
  problems: ["validation_failed"],
});

export const operations: readonly Operation[] = [
  listStations,
  getStation,
  createStation,
  replaceStation,
  deleteStation,
  listRoutes,
  getRoute,
  createRoute,
  replaceRoute,
  deleteRoute,
  listTrains,
  getTrain,
  createTrain,
  replaceTrain,
  deleteTrain,
  listFares,
  getFare,
  createFare,
  getJourney,
  publishJourney,
  getInternalJourney,
  listInternalJourneys,
];
