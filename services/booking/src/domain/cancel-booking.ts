import type { Identity } from "@jatra/contracts/identity.ts";
import type { IdempotentRun } from "@jatra/common/idempotency/idempotent-run.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { accepted, type Reply } from "@jatra/common/http/reply.ts";
import { refundIdOf } from "./booking-ids.ts";
import type { BookingRecord, RefundRecord } from "./booking-record.ts";
import { changeBooking } from "./change-booking.ts";
import { decideCancel } from "./decide-cancel.ts";
import { maySee } from "./may-see.ts";
import { shownRefund } from "./show-refund.ts";
import type { Stores, Transact } from "./stores.ts";

/**
 * Cancels a booking in one transaction with its refund, its event and its idempotency row.
 * Throws `not_found` (also for another user's booking) and `booking_not_cancellable`.
 */
export const cancelBooking = (
  request: {
    readonly bookingId: string;
    readonly identity: Identity;
    readonly idempotency: IdempotentRun | undefined;
  },
  transact: Transact,
): Promise<Reply> =>
  transact(async (stores) => {
    const booking = await stores.bookings.findForUpdate(request.bookingId);
    if (!booking || !maySee(booking, request.identity)) throw new Problem("not_found");
    const reply = await cancel(stores, booking);
    await stores.complete(request.idempotency, reply);
    return reply;
  });

const cancel = async (stores: Stores, booking: BookingRecord): Promise<Reply> => {
  const decision = decideCancel(booking, await stores.now());
  if (decision.kind === "wish") {
    await stores.bookings.requestCancel(booking.bookingId);
    return answer(booking, { status: booking.status, cancelRequested: true, refund: null });
  }
  await changeBooking(stores, booking, "CANCELLED");
  if (decision.refundAmount === 0) {
    return answer(booking, { status: "CANCELLED", cancelRequested: false, refund: null });
  }
  const refund = {
    refundId: refundIdOf(booking.paymentId),
    bookingId: booking.bookingId,
    paymentId: booking.paymentId,
    amount: decision.refundAmount,
    currency: booking.currency,
  };
  await stores.refunds.request(refund, booking.amount);
  return answer(booking, {
    status: "CANCELLED",
    cancelRequested: false,
    refund: { ...refund, status: "REQUESTED" },
  });
};

const answer = (
  { bookingId }: BookingRecord,
  state: {
    readonly status: BookingRecord["status"];
    readonly cancelRequested: boolean;
    readonly refund: RefundRecord | null;
  },
): Reply =>
  accepted(`/api/bookings/${bookingId}`, {
    bookingId,
    status: state.status,
    cancelRequested: state.cancelRequested,
    refund: state.refund && shownRefund(state.refund),
  });
