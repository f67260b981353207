import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { paymentIntentSchema } from "@jatra/contracts/http/booking.ts";
import type { BookingIntents } from "./domain/booking-intents.ts";

/** Asks booking-service over HTTP; throws `dependency_unavailable` for any answer but a known or unknown booking. */
export const createBookingIntents = (booking: InternalClient): BookingIntents => ({
  find: async (bookingId, requestId) => {
    const answer = await booking.call({
      method: "GET",
      path: `/internal/bookings/${bookingId}/payment-intent`,
      requestId,
      response: paymentIntentSchema,
    });
    if (answer.ok) return answer.body;
    if (answer.status === 404) return undefined;
    throw new Problem("dependency_unavailable", { cause: answer.code });
  },
});
