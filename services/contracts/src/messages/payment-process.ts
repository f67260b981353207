import { z } from "zod";
import { amountSchema } from "../money.ts";
import { idSchema } from "../primitives.ts";

/** No card data ever: `paymentDetails` holds provider tokens and, for the simulator, `simulate`. */
export const paymentDetailsSchema = z
  .object({
    simulate: z
      .enum([
        "approve",
        "decline",
        "slow",
        "timeout_after_charge",
        "error_then_approve",
        "duplicate_webhook",
      ])
      .optional(),
    providerToken: z.string().max(256).optional(),
  })
  .strict();
export type PaymentDetails = z.infer<typeof paymentDetailsSchema>;

export const paymentMethodSchema = z.enum(["card", "bkash", "nagad", "rocket"]);

/** Key `payment.process`. `reservationId` is the lock's id. */
export const paymentProcessSchema = z.object({
  bookingId: idSchema,
  userId: z.string(),
  reservationId: idSchema,
  amount: amountSchema,
  paymentMethod: paymentMethodSchema,
  paymentDetails: paymentDetailsSchema.optional(),
  retryCount: z.int().min(0).max(100).optional(),
});
export type PaymentProcess = z.infer<typeof paymentProcessSchema>;
