import { InternalCallError, type InternalClient } from "@jatra/common/http/internal-client.ts";
import { bookingOutcomeSchema, type BookingOutcome } from "@jatra/contracts/http/booking.ts";
import { z } from "zod";

const answerSchema = z.object({ outcome: bookingOutcomeSchema });

export type BookingClient = {
  /** What became of a booking; one that booking-service doesn't know is given up for good by asking. */
  readonly resolve: (bookingId: string, lockId: string) => Promise<BookingOutcome>;
};

export const createBookingClient = (booking: InternalClient): BookingClient => ({
  resolve: async (bookingId, lockId) => {
    const path = `/internal/bookings/${bookingId}/resolve`;
    const body = { lockId };
    const answer = await booking.call({ method: "POST", path, body, response: answerSchema });
    if (answer.ok) return answer.body.outcome;
    throw new InternalCallError(`POST ${path}: ${answer.status} ${answer.code}`);
  },
});
