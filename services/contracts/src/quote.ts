import { z } from "zod";
import { amountSchema, currencySchema } from "./money.ts";
import {
  classSchema,
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
