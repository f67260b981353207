import { createBooking as operation } from "@jatra/contracts/http/booking.ts";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { generateKey } from "@jatra/common/idempotency/fingerprint.ts";
import { createBooking, type CreateBookingDependencies } from "../domain/create-booking.ts";

/**
 * Without a client's key one is made from who books which lock for how much, so that a second click is the same request. The sum is the
 * one that the client expects: the real one is only known once the lock was read.
 */
export const createBookingRoute = (dependencies: CreateBookingDependencies): Route =>
  bind(
    operation,
    ({ body, identity, requestId, idempotency }) =>
      createBooking({ body, identity, requestId, idempotency }, dependencies),
    {
      serverKey: ({ body, identity }) =>
        generateKey("payment", {
          userId: identity.userId,
          amount: body.expectedAmount ?? "as quoted",
          reservationId: body.lockId,
        }),
    },
  );
