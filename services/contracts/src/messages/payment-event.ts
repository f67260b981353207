import { z } from "zod";
import { amountSchema, currencySchema } from "../money.ts";
import { idSchema, timestampSchema } from "../primitives.ts";

/** Keys `payment.captured`, `payment.failed`, `payment.refunded`, `payment.refund_failed`. */
export const paymentEventSchema = z.object({
  type: z.enum(["payment.captured", "payment.failed", "payment.refunded", "payment.refund_failed"]),
  paymentId: idSchema,
  bookingId: idSchema,
  amount: amountSchema,
  currency: currencySchema,
  /** Set on the two refund events. */
  refundId: idSchema.optional(),
  /** Why it failed, in the provider's stable words (`declined`, `closed`, …). */
  reason: z.string().max(200).optional(),
  /** Tries at the provider so far. */
  attempts: z.int().min(0),
  at: timestampSchema,
});
export type PaymentEvent = z.infer<typeof paymentEventSchema>;
