import { z } from "zod";
import { paymentDetailsSchema, paymentMethodSchema } from "../messages/payment-process.ts";
import { amountSchema, currencySchema } from "../money.ts";
import { operation, type Operation } from "../operation.ts";
import {
  classSchema,
  cursorSchema,
  idSchema,
  journeyIdSchema,
  pageQuery,
  seatIdSchema,
  stopSchema,
  timestampSchema,
  trainLabelSchema,
} from "../primitives.ts";

/** What a client may see; the tombstone of a booking that never came to be (`ABANDONED`) is shown to nobody. */
export const bookingStatusSchema = z.enum([
  "PAYMENT_PENDING",
  "PAYMENT_PROCESSING",
  "CONFIRMED",
  "PAYMENT_FAILED",
  "CANCELLED",
  "REFUNDED",
]);
export type BookingStatus = z.infer<typeof bookingStatusSchema>;

export const bookingRefundSchema = z.object({
  refundId: idSchema,
  status: z.enum(["REQUESTED", "SENT", "DONE", "FAILED"]),
  amount: amountSchema,
  currency: currencySchema,
});

export const bookingSummarySchema = z.object({
  bookingId: idSchema,
  status: bookingStatusSchema,
  journeyId: journeyIdSchema,
  train: trainLabelSchema,
  from: stopSchema,
  to: stopSchema,
  amount: amountSchema,
  currency: currencySchema,
  createdAt: timestampSchema,
});

export const bookingSchema = bookingSummarySchema.extend({
  bookingVersion: z.int().min(1),
  lockId: idSchema,
  seats: z.array(
    z.object({
      seatId: seatIdSchema,
      coach: z.string(),
      class: classSchema,
      passenger: z.string(),
      amount: amountSchema,
    }),
  ),
  payment: z.object({
    paymentId: idSchema,
    status: z.enum(["PENDING", "PROCESSING", "CAPTURED", "FAILED", "REFUNDED"]),
    attempts: z.int().min(0),
    deadlineAt: timestampSchema,
  }),
  /** Asked for while the payment was running: it takes effect when the payment has ended. */
  cancelRequested: z.boolean(),
  refund: bookingRefundSchema.nullable(),
  ticketIds: z.array(idSchema),
  /** The first of `ticketIds`; null until the tickets are issued. */
  ticketId: idSchema.nullable(),
  history: z.array(z.object({ status: bookingStatusSchema, at: timestampSchema })),
});
export type Booking = z.infer<typeof bookingSchema>;

/** A passenger's name as it is printed on the ticket: not blank, no line breaks or other control characters. */
const passengerSchema = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    // No control characters; written so that other languages' tools can make names of it (not all know `\P{Cc}`).
    .regex(/^[^\u0000-\u001f\u007f-\u009f]+$/), // oxlint-disable-line no-control-regex
});

export const createBookingBodySchema = z.object({
  lockId: idSchema,
  /** Only for a hold that was made without signing in. */
  lockToken: z.string().min(1).max(128).optional(),
  /** One a seat, in the order of the lock's seats. More than 16 seats no lock may hold. */
  passengers: z.array(passengerSchema).min(1).max(16),
  paymentMethod: paymentMethodSchema,
  paymentDetails: paymentDetailsSchema.optional(),
  expectedAmount: amountSchema.optional(),
});
export type CreateBookingBody = z.infer<typeof createBookingBodySchema>;

export const createBookingAnswerSchema = z.object({
  bookingId: idSchema,
  status: bookingStatusSchema,
  amount: amountSchema,
  currency: currencySchema,
});

const bookingParams = z.object({ bookingId: idSchema });

export const createBooking = operation({
  operationId: "createBooking",
  method: "post",
  path: "/api/bookings",
  summary: "Book the seats of a lock",
  description:
    "Prices the seats, takes the lock into payment and answers at once; the payment runs in the background. Look at the booking for its end, when `Retry-After` says so.",
  access: "user",
  body: createBookingBodySchema,
  responses: {
    202: {
      description: "The payment is on its way",
      schema: createBookingAnswerSchema,
      tellsWhenToLook: true,
    },
  },
  problems: [
    "not_found",
    "lock_expired",
    "lock_in_payment",
    "journey_departed",
    "price_changed",
    "passengers_mismatch",
    "booking_abandoned",
  ],
  idempotency: "optional",
});

export const listBookings = operation({
  operationId: "listBookings",
  method: "get",
  path: "/api/bookings",
  summary: "The caller's bookings, the newest first",
  access: "user",
  query: z.object(pageQuery),
  responses: {
    200: {
      description: "A page",
      schema: z.object({
        bookings: z.array(bookingSummarySchema),
        nextCursor: cursorSchema.nullable(),
      }),
    },
  },
  problems: [],
});

export const getBooking = operation({
  operationId: "getBooking",
  method: "get",
  path: "/api/bookings/:bookingId",
  summary: "One booking with its payment, tickets and history",
  description: "Customers see their own, admins all.",
  access: "user",
  params: bookingParams,
  responses: {
    200: { description: "The booking", schema: bookingSchema, tellsWhenToLook: true },
  },
  problems: ["not_found"],
});

export const cancelBookingAnswerSchema = z.object({
  bookingId: idSchema,
  status: bookingStatusSchema,
  cancelRequested: z.boolean(),
  refund: bookingRefundSchema.nullable(),
});

export const cancelBooking = operation({
  operationId: "cancelBooking",
  method: "post",
  path: "/api/bookings/:bookingId/cancel",
  summary: "Cancel a booking and get back what the hours before departure allow",
  description:
    "While the payment runs the wish is kept: nothing is charged, or all of it is given back. Admins may cancel any booking.",
  access: "user",
  params: bookingParams,
  responses: {
    202: { description: "Cancelled, or about to be", schema: cancelBookingAnswerSchema },
  },
  problems: ["not_found", "booking_not_cancellable"],
  idempotency: "required",
});

export const requeueBooking = operation({
  operationId: "requeueBooking",
  method: "post",
  path: "/api/bookings/:bookingId/requeue",
  summary: "Deliver the payment of a stuck booking once more",
  description: "Changes nothing where the payment has ended; `requeued` tells.",
  access: "admin",
  params: bookingParams,
  responses: {
    202: {
      description: "Done",
      schema: z.object({
        bookingId: idSchema,
        status: bookingStatusSchema,
        requeued: z.boolean(),
      }),
    },
  },
  problems: ["not_found"],
});

/** `LIVE`: the payment runs. `RELEASED`: nobody will ever pay for these seats (any more). */
export const bookingOutcomeSchema = z.enum(["LIVE", "CONFIRMED", "RELEASED"]);
export type BookingOutcome = z.infer<typeof bookingOutcomeSchema>;

export const resolveBooking = operation({
  operationId: "resolveBooking",
  method: "post",
  path: "/internal/bookings/:bookingId/resolve",
  summary: "What became of the booking that a lock went into payment for",
  description:
    "An unknown booking is given up for good first, so that one which arrives late is refused.",
  access: "internal",
  params: bookingParams,
  body: z.object({ lockId: idSchema }),
  responses: {
    200: {
      description: "The booking's word",
      schema: z.object({ outcome: bookingOutcomeSchema }),
    },
  },
  problems: [],
});

/** `open` is false once the booking has ended: then nothing may be charged for it any more. */
export const paymentIntentSchema = z.object({
  paymentId: idSchema,
  bookingId: idSchema,
  userId: z.string(),
  amount: amountSchema,
  currency: currencySchema,
  paymentMethod: paymentMethodSchema,
  paymentDetails: paymentDetailsSchema.optional(),
  deadlineAt: timestampSchema,
  open: z.boolean(),
});
export type PaymentIntent = z.infer<typeof paymentIntentSchema>;

export const getPaymentIntent = operation({
  operationId: "getPaymentIntent",
  method: "get",
  path: "/internal/bookings/:bookingId/payment-intent",
  summary: "What is to be paid for a booking",
  access: "internal",
  params: bookingParams,
  responses: { 200: { description: "The intent", schema: paymentIntentSchema } },
  problems: ["not_found"],
});

export const operations: readonly Operation[] = [
  createBooking,
  listBookings,
  getBooking,
  cancelBooking,
  requeueBooking,
  resolveBooking,
  getPaymentIntent,
];
