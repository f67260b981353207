import { z } from "zod";
import { seatsChangedSchema } from "../messages/seats-changed.ts";
import { amountSchema } from "../money.ts";
import { operation, type Operation } from "../operation.ts";
import {
  classSchema,
  idSchema,
  journeyIdSchema,
  seatIdSchema,
  stationCodeSchema,
  timestampSchema,
} from "../primitives.ts";
import { quoteSchema } from "../quote.ts";

/** Far above any sensible `seatLocks.maxSeats`; a longer list isn't worth looking at. */
const SEATS_LISTED_MAX = 64;
/** A day: no operator lets anybody hold a seat longer, and the real cap comes from `seatLocks.maxHoldSeconds`. */
const TTL_SECONDS_MAX = 86_400;

const ttlSecondsSchema = z
  .int()
  .min(1)
  .max(TTL_SECONDS_MAX)
  .describe("cut to what the platform allows; the answer's `expiresAt` counts");

/** Header `Lock-Token`: the only key to a lock that was taken without signing in. */
export const lockTokenHeader = "lock-token";

export const seatStatusSchema = z.enum(["AVAILABLE", "HELD", "SOLD"]);
export type SeatStatus = z.infer<typeof seatStatusSchema>;

export const availabilitySchema = z.object({
  journeyId: journeyIdSchema,
  coaches: z.array(
    z.object({
      coach: z.string(),
      class: classSchema,
      seats: z.array(z.object({ seatId: seatIdSchema, status: seatStatusSchema })),
    }),
  ),
});
export type Availability = z.infer<typeof availabilitySchema>;

export const getAvailability = operation({
  operationId: "getAvailability",
  method: "get",
  path: "/api/seats/availability/:journeyId",
  summary: "Every seat of a journey and whether it is free on a stretch",
  description: "Without `from` and `to`: free on the whole route. Seats being paid count as HELD.",
  access: "public",
  params: z.object({ journeyId: journeyIdSchema }),
  query: z.object({ from: stationCodeSchema.optional(), to: stationCodeSchema.optional() }),
  responses: { 200: { description: "Straight from the claims", schema: availabilitySchema } },
  problems: ["not_found", "route_invalid"],
});

export const acquireLockBodySchema = z.object({
  journeyId: journeyIdSchema,
  seatIds: z
    .array(seatIdSchema)
    .min(1)
    .max(SEATS_LISTED_MAX)
    .refine((seatIds) => new Set(seatIds).size === seatIds.length, "a seat is listed twice"),
  from: stationCodeSchema.optional(),
  to: stationCodeSchema.optional(),
  ttlSeconds: ttlSecondsSchema.optional(),
  userId: z.string().max(64).optional().describe("ignored: the bearer token says who asks"),
});

export const acquiredLockSchema = z.object({
  lockId: idSchema,
  lockToken: z.string(),
  journeyId: journeyIdSchema,
  lockedSeats: z.array(seatIdSchema),
  expiresAt: timestampSchema,
});

export const acquireLock = operation({
  operationId: "acquireLock",
  method: "post",
  path: "/api/seats/locks/acquire",
  summary: "Hold seats on a stretch: all of them or none",
  description:
    "Without `from` and `to`: on the whole route. Without a bearer token (where the platform allows it) the answer's `lockToken`, sent as header `Lock-Token`, is the only key to the lock; an `Idempotency-Key` needs a bearer token, since a stored answer would give the lock away. 409 names the `failedSeat`.",
  access: "optional",
  body: acquireLockBodySchema,
  responses: { 201: { description: "The seats are held", schema: acquiredLockSchema } },
  problems: [
    "unauthorized",
    "not_found",
    "seat_unknown",
    "seat_unavailable",
    "too_many_seats",
    "journey_departed",
    "route_invalid",
  ],
  idempotency: "optional",
});

const lockParams = z.object({ lockId: idSchema });

export const lockStatusSchema = z.enum(["HELD", "PAYING", "SOLD", "RELEASED", "EXPIRED"]);
export type LockStatus = z.infer<typeof lockStatusSchema>;

export const lockSchema = z.object({
  lockId: idSchema,
  journeyId: journeyIdSchema,
  lockedSeats: z.array(seatIdSchema),
  from: stationCodeSchema,
  to: stationCodeSchema,
  status: lockStatusSchema,
  expiresAt: timestampSchema,
});
export type Lock = z.infer<typeof lockSchema>;

export const getLock = operation({
  operationId: "getLock",
  method: "get",
  path: "/api/seats/locks/:lockId",
  summary: "One lock of the caller",
  access: "optional",
  params: lockParams,
  responses: { 200: { description: "The lock", schema: lockSchema } },
  problems: ["unauthorized", "not_found"],
});

export const releaseLock = operation({
  operationId: "releaseLock",
  method: "delete",
  path: "/api/seats/locks/:lockId",
  summary: "Let the seats go; a lock that has ended already is no error",
  access: "optional",
  params: lockParams,
  responses: { 204: { description: "The seats are free" } },
  problems: ["unauthorized", "not_found", "lock_in_payment"],
});

export const extendLock = operation({
  operationId: "extendLock",
  method: "post",
  path: "/api/seats/locks/:lockId/extend",
  summary: "Hold the seats longer, counted from now",
  description: "Never shortens a lock; the time since its first second is capped.",
  access: "optional",
  params: lockParams,
  body: z.object({ ttlSeconds: ttlSecondsSchema.optional() }),
  responses: { 200: { description: "The lock with its new end", schema: lockSchema } },
  problems: ["unauthorized", "not_found", "lock_expired", "lock_in_payment", "hold_limit_reached"],
});

export const payLockBodySchema = z.object({
  bookingId: idSchema,
  userId: z.string().min(1).max(64),
  /** SHA-256 of the lock token, hex; opens locks that were taken without signing in. */
  lockTokenHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  passengers: z.int().min(1).max(SEATS_LISTED_MAX).describe("how many: one for each seat"),
  expectedAmount: amountSchema.optional().describe("another price leaves the lock held"),
});

export type PayLockBody = z.infer<typeof payLockBodySchema>;

export const paidLockSchema = z.object({
  lockId: idSchema,
  journeyId: journeyIdSchema,
  fromSeq: z.int().min(0),
  toSeq: z.int().min(1),
  from: stationCodeSchema,
  to: stationCodeSchema,
  /** In the order in which they were asked for. */
  seatIds: z.array(seatIdSchema),
  expiresAt: timestampSchema,
});
export type PaidLock = z.infer<typeof paidLockSchema>;

/** The lock with its price, so that a booking asks once. */
export const pricedLockSchema = z.object({ lock: paidLockSchema, quote: quoteSchema });
export type PricedLock = z.infer<typeof pricedLockSchema>;

export const payLock = operation({
  operationId: "payLock",
  method: "post",
  path: "/internal/locks/:lockId/pay",
  summary: "Price the seats, then HELD → PAYING; a repeat for the same booking answers the same",
  description:
    "The price is that of the journey's own fare version. Whatever is refused leaves the lock as it was.",
  access: "internal",
  params: lockParams,
  body: payLockBodySchema,
  responses: { 200: { description: "The seats wait for the payment", schema: pricedLockSchema } },
  problems: [
    "not_found",
    "lock_expired",
    "lock_in_payment",
    "passengers_mismatch",
    "price_changed",
    "journey_departed",
    "route_invalid",
    "seat_unknown",
  ],
});

export const getClaims = operation({
  operationId: "getClaims",
  method: "get",
  path: "/internal/journeys/:journeyId/claims",
  summary: "Live claims of a journey, in the form of `seats.changed`",
  access: "internal",
  params: z.object({ journeyId: journeyIdSchema }),
  responses: { 200: { description: "The claims as of `revision`", schema: seatsChangedSchema } },
  problems: [],
});

export const operations: readonly Operation[] = [
  getAvailability,
  acquireLock,
  getLock,
  releaseLock,
  extendLock,
  payLock,
  getClaims,
];
