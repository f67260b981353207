import { z } from "zod";
import { amountSchema, currencySchema } from "./money.ts";
import {
  classSchema,
  journeyIdSchema,
  seatIdSchema,
  stopSchema,
  timestampSchema,
  trainLabelSchema,
} from "./primitives.ts";

/** `from.at` is the departure there, `to.at` the arrival; `departsAt` equals `from.at`. */
export const quoteSchema = z.object({
  currency: currencySchema,
  fareVersionId: z.string(),
  total: amountSchema,
  seats: z.array(
    z.object({
      seatId: seatIdSchema,
      coach: z.string(),
      class: classSchema,
      amount: amountSchema,
    }),
  ),
  train: trainLabelSchema,
  from: stopSchema,
  to: stopSchema,
  departsAt: timestampSchema,
});
export type Quote = z.infer<typeof quoteSchema>;
export const quoteBodySchema = z.object({
  journeyId: journeyIdSchema,
  fromSeq: z.int().min(0).max(100),
  toSeq: z.int().min(0).max(100),
  seatIds: z.array(seatIdSchema).min(1).max(16),
});
export type QuoteBody = z.infer<typeof quoteBodySchema>;
