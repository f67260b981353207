import { z } from "zod";
import { paymentDetailsSchema, paymentMethodSchema } from "../messages/payment-process.ts";
import { amountSchema, currencySchema } from "../money.ts";
import { operation, type Operation } from "../operation.ts";
import { idSchema, timestampSchema } from "../primitives.ts";

const paymentParams = z.object({ paymentId: idSchema });

/** What is to be paid, as booking-service fixed it; never a figure of the client's. */
export const paymentIntentSchema = z.object({
  bookingId: idSchema,
  userId: z.string().min(1).max(64),
  amount: amountSchema.min(1),
  currency: currencySchema,
  paymentMethod: paymentMethodSchema,
  paymentDetails: paymentDetailsSchema.optional(),
  /** After this moment an unsent payment is closed instead of sent. */
  deadlineAt: timestampSchema.optional(),
});
export type PaymentIntent = z.infer<typeof paymentIntentSchema>;

/** Where a payment has come, as other services need it. PENDING: it may still end either way. */
export const paymentStateSchema = z.enum(["PENDING", "CAPTURED", "FAILED"]);
export type PaymentState = z.infer<typeof paymentStateSchema>;

export const paymentStandingSchema = z.object({
  paymentId: idSchema,
  state: paymentStateSchema,
  /** Tries at the provider so far. */
  attempts: z.int().min(0),
  /** Why it failed, in stable words: `declined`, `closed`, `deadline`, `provider_unavailable`, … */
  reason: z.string().max(200).optional(),
});
export type PaymentStanding = z.infer<typeof paymentStandingSchema>;

export const refundRequestSchema = z.object({
  paymentId: idSchema,
  bookingId: idSchema,
  amount: amountSchema.min(1),
  currency: currencySchema,
});
export type RefundRequest = z.infer<typeof refundRequestSchema>;

export const refundStateSchema = z.enum(["REQUESTED", "SENT", "DONE", "FAILED"]);
export type RefundState = z.infer<typeof refundStateSchema>;

export const paymentViewSchema = z.object({
  paymentId: idSchema,
  bookingId: idSchema,
  status: z.enum(["PENDING", "PROCESSING", "CAPTURED", "FAILED"]),
  amount: amountSchema,
  currency: currencySchema,
  paymentMethod: paymentMethodSchema,
  attempts: z.int().min(0),
  reason: z.string().optional(),
  redirectUrl: z.url().optional().describe("The provider's page where the payer goes on"),
  refund: z
    .object({ refundId: idSchema, status: refundStateSchema, amount: amountSchema })
    .optional(),
  createdAt: timestampSchema,
});
export type PaymentView = z.infer<typeof paymentViewSchema>;

export const initiatePaymentBodySchema = z.object({
  bookingId: idSchema,
  /** What the client believes it pays; anything but the booking's amount is refused, never charged. */
  amount: amountSchema.optional(),
  reservationId: idSchema.optional(),
});

export const putPayment = operation({
  operationId: "putPayment",
  method: "put",
  path: "/internal/payments/:paymentId",
  summary: "Record what a booking has to pay; the charge follows by itself",
  description:
    "Repeating it with the same body answers the same. The result comes as `payment.captured` or `payment.failed`.",
  access: "internal",
  params: paymentParams,
  body: paymentIntentSchema,
  responses: {
    202: {
      description: "Recorded, now or before",
      schema: z.object({ paymentId: idSchema, bookingId: idSchema }),
    },
  },
  // conflict: another body under this id, or another payment of the booking; payment_not_open: closed before it came
  problems: ["conflict", "payment_not_open"],
});

/** As many as booking-service begins with one statement. */
export const PAYMENTS_LISTED_MAX = 64;
const listedPaymentSchema = paymentIntentSchema.extend({
  paymentId: idSchema,
  requestId: z.string().min(1).max(64),
});
export type ListedPayment = z.infer<typeof listedPaymentSchema>;
export const paymentRecordSchema = z.object({
  paymentId: idSchema,
  outcome: z.enum(["recorded", "conflict", "payment_not_open"]),
});
export type PaymentRecord = z.infer<typeof paymentRecordSchema>;

export const putPayments = operation({
  operationId: "putPayments",
  method: "put",
  path: "/internal/payments",
  summary: "Record what several bookings have to pay, each as by a PUT of its own",
  description: "One that is refused doesn't keep the others. Repeating it answers the same.",
  access: "internal",
  body: z.object({ payments: z.array(listedPaymentSchema).min(1).max(PAYMENTS_LISTED_MAX) }),
  responses: {
    202: {
      description: "What became of each, in their order",
      schema: z.object({ payments: z.array(paymentRecordSchema) }),
    },
  },
  problems: [],
});

export const getPaymentStanding = operation({
  operationId: "getPaymentStanding",
  method: "get",
  path: "/internal/payments/:paymentId",
  summary: "Where a payment stands, by what is written down (the provider isn't asked)",
  access: "internal",
  params: paymentParams,
  responses: { 200: { description: "The state", schema: paymentStandingSchema } },
  problems: ["not_found"],
});

export const closePayment = operation({
  operationId: "closePayment",
  method: "post",
  path: "/internal/payments/:paymentId/close",
  summary: "Stop a payment for good if it wasn't sent; otherwise ask the provider how it ended",
  description:
    "An unknown id becomes a tombstone, so that a late PUT is refused. PENDING: not known yet, call again later.",
  access: "internal",
  params: paymentParams,
  responses: { 200: { description: "The state", schema: paymentStandingSchema } },
  problems: [],
});

export const putRefund = operation({
  operationId: "putRefund",
  method: "put",
  path: "/internal/refunds/:refundId",
  summary: "Give back (a part of) what a booking's payment captured; one refund a booking",
  description: "The result comes as `payment.refunded` or `payment.refund_failed`.",
  access: "internal",
  params: z.object({ refundId: idSchema }),
  body: refundRequestSchema,
  responses: {
    202: {
      description: "Recorded, now or before",
      schema: z.object({ refundId: idSchema, state: refundStateSchema }),
    },
  },
  // conflict: another body under this id, or another refund of the booking
  problems: ["not_found", "refund_not_possible", "conflict"],
});

export const initiatePayment = operation({
  operationId: "initiatePayment",
  method: "post",
  path: "/api/payments/initiate",
  summary: "The booking's one payment, with the provider's page where it has one",
  access: "user",
  body: initiatePaymentBodySchema,
  responses: { 202: { description: "The payment", schema: paymentViewSchema } },
  problems: ["not_found", "payment_not_open", "price_changed", "dependency_unavailable"],
  idempotency: "optional",
});

export const getPayment = operation({
  operationId: "getPayment",
  method: "get",
  path: "/api/payments/:paymentId",
  summary: "One of your own payments",
  access: "user",
  params: paymentParams,
  responses: { 200: { description: "The payment", schema: paymentViewSchema } },
  problems: ["not_found"],
});

export const showPaymentReturn = operation({
  operationId: "showPaymentReturn",
  method: "get",
  path: "/api/payments/return",
  summary: "The page that a payer comes back to from the provider's page",
  access: "public",
  responses: { 200: { description: "A page", contentType: "text/html" } },
  problems: [],
});

/** Providers send the payer's browser back with a form; what it says is never believed. */
export const takePaymentReturn = operation({
  ...showPaymentReturn,
  operationId: "takePaymentReturn",
  method: "post",
  rawBody: true,
});

export const receiveWebhook = operation({
  operationId: "receiveWebhook",
  method: "post",
  path: "/api/payments/webhooks/:provider",
  summary: "A provider reports how charges ended",
  description:
    "`simulator`: JSON signed `X-Signature: sha256=<hex HMAC of the body>`. `sslcommerz`: IPN, form-encoded, verify_sign.",
  access: "public",
  params: z.object({ provider: z.string().max(32) }),
  rawBody: true,
  responses: {
    200: { description: "Taken in; repeats are harmless", schema: z.object({ received: z.int() }) },
  },
  problems: ["not_found", "signature_invalid", "validation_failed"],
});

export const operations: readonly Operation[] = [
  putPayment,
  putPayments,
  getPaymentStanding,
  closePayment,
  putRefund,
  initiatePayment,
  showPaymentReturn,
  takePaymentReturn,
  getPayment,
  receiveWebhook,
];
