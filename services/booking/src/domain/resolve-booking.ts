import type { BookingOutcome } from "@jatra/contracts/http/booking.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { bookingIdOf } from "./booking-ids.ts";
import { outcomeOf } from "./booking-states.ts";
import type { Transact } from "./stores.ts";

/**
 * The booking's word for seat-reservation, which asks when a lock has been in payment for long. An unknown booking first
 * becomes a tombstone: only then is it sure that none arrives later. Throws `validation_failed` where lock and booking
 * don't belong together, since a tombstone under a wrong lock would block that lock.
 */
export const resolveBooking = async (
  request: { readonly bookingId: string; readonly lockId: string },
  transact: Transact,
): Promise<BookingOutcome> => {
  if (bookingIdOf(request.lockId) !== request.bookingId) {
    throw new Problem("validation_failed", { detail: "This is not the booking of that lock." });
  }
  return transact(async ({ bookings }) => {
    const known = await bookings.stateOf(request.bookingId);
    if (known) return outcomeOf(known);
    await bookings.insertTombstone(request.bookingId, request.lockId);
    // Read again: a booking that was committed between the two statements has won.
    return outcomeOf((await bookings.stateOf(request.bookingId)) ?? "ABANDONED");
  });
};
