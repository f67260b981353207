import { getPaymentIntent, resolveBooking as resolve } from "@jatra/contracts/http/booking.ts";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { ok } from "@jatra/common/http/reply.ts";
import { isLive } from "../domain/booking-states.ts";
import { paymentIntentOf } from "../domain/payment-message.ts";
import { resolveBooking } from "../domain/resolve-booking.ts";
import type { BookingStore, Transact } from "../domain/stores.ts";

/** For the other services only; the gateway never routes here. */
export const internalRoutes = (bookings: BookingStore, transact: Transact): Route[] => [
  bind(resolve, async ({ params, body }) => {
    const { bookingId } = params;
    const outcome = await resolveBooking({ bookingId, lockId: body.lockId }, transact);
    return ok({ outcome });
  }),
  bind(getPaymentIntent, async ({ params }) => {
    const booking = await bookings.find(params.bookingId);
    if (!booking) throw new Problem("not_found");
    const open = isLive(booking.status) && booking.cancelRequestedAt === null;
    return ok({ paymentId: booking.paymentId, ...paymentIntentOf(booking), open });
  }),
];
