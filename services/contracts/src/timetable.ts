import { z } from "zod";
import { amountSchema, currencySchema } from "./money.ts";
import { classSchema, stationCodeSchema, timestampSchema } from "./primitives.ts";

/** What schedule-service keeps about the railway, as its API shows and takes it. */
const nameSchema = z.string().trim().min(1).max(100);

export const stationSchema = z.object({
  id: z.string(),
  code: stationCodeSchema,
  name: nameSchema,
});
export type Station = z.infer<typeof stationSchema>;
export const stationBodySchema = z.strictObject({ code: stationCodeSchema, name: nameSchema });
export const stationChangeSchema = z.strictObject({ name: nameSchema });

/** The number on the ticket; also the train's id and the first part of its journeys' ids. */
export const trainNumberSchema = z.string().regex(/^[A-Za-z0-9]{1,10}$/);
export const routeIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
/** Local time in Dhaka. */
export const timeOfDaySchema = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/);

/** The longest line of the country is under 700 km, the slowest train under two days. */
const distanceSchema = z.number().min(0).max(2_000);
const minutesSchema = z.int().min(0).max(2_880);

/** Minutes count from the departure at the first stop; the first has no arrival, the last no departure. */
export const routeStopSchema = z.strictObject({
  station: stationCodeSchema,
  distanceKm: distanceSchema,
  arriveMinutes: minutesSchema.nullable(),
  departMinutes: minutesSchema.nullable(),
});
export type RouteStop = z.infer<typeof routeStopSchema>;

export const routeBodySchema = z.strictObject({
  id: routeIdSchema,
  name: nameSchema,
  stops: z.array(routeStopSchema).min(2).max(60),
});
export type RouteBody = z.infer<typeof routeBodySchema>;
export const routeChangeSchema = routeBodySchema.omit({ id: true });
export const routeSchema = z.object({
  id: z.string(),
  name: z.string(),
  stops: z.array(routeStopSchema.extend({ name: z.string() })),
});
export type Route = z.infer<typeof routeSchema>;

/** `coach` is painted on the car (KA, KHA, …); its seats are numbered from 1, seat 12 of KA is `KA-12`. */
export const coachBodySchema = z.strictObject({
  coach: z.string().regex(/^[A-Z]{1,8}$/),
  class: classSchema,
  seatCount: z.int().min(1).max(120),
});
export type CoachBody = z.infer<typeof coachBodySchema>;

export const trainChangeSchema = z.strictObject({
  name: nameSchema,
  routeId: routeIdSchema,
  departureTime: timeOfDaySchema,
  /** Weekdays without the train: 0 = Sunday … 6 = Saturday. */
  daysOff: z.array(z.int().min(0).max(6)).max(7).default([]),
  /** An inactive train gets no further journeys; the published ones stand. */
  active: z.boolean().default(true),
  coaches: z.array(coachBodySchema).min(1).max(20),
});
export const trainBodySchema = trainChangeSchema.extend({ number: trainNumberSchema });
export type TrainBody = z.infer<typeof trainBodySchema>;

const placeSchema = z.object({ code: stationCodeSchema, name: z.string() });
export const trainSchema = z.object({
  id: z.string(),
  number: z.string(),
  name: z.string(),
  routeId: z.string(),
  from: placeSchema,
  to: placeSchema,
  departureTime: timeOfDaySchema,
  daysOff: z.array(z.int()),
  active: z.boolean(),
  coaches: z.array(coachBodySchema),
});
export type Train = z.infer<typeof trainSchema>;

/** Poisha a kilometre and the least a ticket costs. */
export const fareRateSchema = z.strictObject({
  class: classSchema,
  perKm: z.number().min(0).max(100_000),
  minimum: amountSchema,
});
export const fareBodySchema = z.strictObject({ rates: z.array(fareRateSchema).min(1).max(5) });
export const fareVersionSchema = z.object({
  id: z.string(),
  currency: currencySchema,
  rates: z.array(fareRateSchema),
  createdAt: timestampSchema,
});
export type FareVersion = z.infer<typeof fareVersionSchema>;
