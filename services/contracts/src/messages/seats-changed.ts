import { z } from "zod";
import { journeyIdSchema, seatIdSchema } from "../primitives.ts";

/**
 * Key `seats.changed`: all live claims of a journey as of `revision` (grows with every change of the journey's claims), so
 * that a reader may drop what is older than what it has. `legs` are leg numbers: leg n runs from stop n to stop n + 1.
 */
export const seatsChangedSchema = z.object({
  journeyId: journeyIdSchema,
  revision: z.int().min(0),
  claims: z.array(z.object({ seatId: seatIdSchema, legs: z.array(z.int().min(0)) })),
});
export type SeatsChanged = z.infer<typeof seatsChangedSchema>;
