import type { BookingStatus } from "@jatra/contracts/http/booking.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { isLive } from "./booking-states.ts";
import { paymentMessageOf } from "./payment-message.ts";
import type { Transact } from "./stores.ts";

/** Starts the delivery of a booking's payment once more; nothing happens to one that has ended. Throws `not_found`. */
export const requeueBooking = (
  bookingId: string,
  requestId: string,
  transact: Transact,
): Promise<{ bookingId: string; status: BookingStatus; requeued: boolean }> =>
  transact(async (stores) => {
    const booking = await stores.bookings.findForUpdate(bookingId);
    if (!booking) throw new Problem("not_found");
    const requeued = isLive(booking.status);
    if (requeued) await stores.publishPayment(paymentMessageOf(booking), requestId);
    return { bookingId, status: booking.status, requeued };
  });
