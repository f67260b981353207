import { z } from "zod";
import { amountSchema, currencySchema } from "../money.ts";
import {
  classSchema,
  journeyIdSchema,
  seatIdSchema,
  stationCodeSchema,
  timestampSchema,
} from "../primitives.ts";

/**
 * A journey as schedule-service publishes it (key `journey.published` and `GET /internal/journeys/:journeyId`); it never changes
 * afterwards. Stops are numbered from 0 (`seq`), leg n runs from stop n to stop n + 1. `departs: false` marks the
 * guide's `test-journey`, which never leaves and has no end of sale.
 */
export const journeySchema = z.object({
  journeyId: journeyIdSchema,
  train: z.object({ trainId: z.string(), number: z.string(), name: z.string() }),
  departs: z.boolean(),
  stops: z
    .array(
      z.object({
        seq: z.int().min(0),
        code: stationCodeSchema,
        name: z.string(),
        arrivesAt: timestampSchema.nullable(),
        departsAt: timestampSchema.nullable(),
        distanceKm: z.number().min(0),
      }),
    )
    .min(2),
  coaches: z.array(
    z.object({
      coach: z.string(),
      class: classSchema,
      seats: z.array(z.object({ seatId: seatIdSchema, number: z.string() })),
    }),
  ),
  fare: z.object({
    fareVersionId: z.string(),
    currency: currencySchema,
    /** Poisha a kilometre and the least a ticket costs, by class. */
    rates: z.array(
      z.object({ class: classSchema, perKm: z.number().min(0), minimum: amountSchema }),
    ),
  }),
});
export type Journey = z.infer<typeof journeySchema>;
