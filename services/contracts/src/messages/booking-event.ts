import { z } from "zod";
import { amountSchema, currencySchema } from "../money.ts";
import {
  classSchema,
  idSchema,
  journeyIdSchema,
  seatIdSchema,
  stopSchema,
  timestampSchema,
  trainLabelSchema,
} from "../primitives.ts";

/**
 * Keys `booking.confirmed`, `booking.payment_failed`, `booking.cancelled`, `booking.refunded`. Carries everything a
 * consumer needs, so that nobody has to ask back, and `bookingVersion`, so that order does not matter: an
 * event with a version that is not newer than the one seen is old news.
 */
export const bookingEventSchema = z.object({
  type: z.enum([
    "booking.confirmed",
    "booking.payment_failed",
    "booking.cancelled",
    "booking.refunded",
  ]),
  bookingId: idSchema,
  bookingVersion: z.int().min(1),
  userId: z.string(),
  email: z.string(),
  lockId: idSchema,
  journeyId: journeyIdSchema,
  train: trainLabelSchema,
  from: stopSchema,
  to: stopSchema,
  passengers: z.array(
    z.object({
      name: z.string(),
      seatId: seatIdSchema,
      coach: z.string(),
      class: classSchema,
      fareAmount: amountSchema,
    }),
  ),
  amount: amountSchema,
  currency: currencySchema,
  /** Sum given back so far; 0 but for `booking.refunded`. */
  refundedAmount: amountSchema,
  at: timestampSchema,
});
export type BookingEvent = z.infer<typeof bookingEventSchema>;
