import type { z } from "zod";
import type {
  Booking,
  BookingStatus,
  bookingSummarySchema,
} from "@jatra/contracts/http/booking.ts";
import type { BookingRecord, RefundRecord } from "./booking-record.ts";
import { shownRefund } from "./show-refund.ts";

export type HistoryEntry = { readonly status: BookingStatus; readonly at: Date };

/** `history`: every status that the booking had, in order. */
export type WholeBooking = {
  readonly booking: BookingRecord;
  readonly refund: RefundRecord | undefined;
  readonly history: readonly HistoryEntry[];
};

/** A booking as its owner sees it; platform.md, «Answers of the main flow». */
export const showBooking = ({ booking, refund, history }: WholeBooking): Booking => ({
  ...showSummary(booking),
  bookingVersion: booking.version,
  lockId: booking.lockId,
  seats: booking.passengers.map(({ name, seatId, coach, class: travelClass, fareAmount }) => ({
    seatId,
    coach,
    class: travelClass,
    passenger: name,
    amount: fareAmount,
  })),
  payment: {
    paymentId: booking.paymentId,
    status: paymentStatusOf(booking),
    attempts: booking.paymentAttempts,
    deadlineAt: booking.paymentDeadlineAt.toISOString(),
  },
  cancelRequested: booking.cancelRequestedAt !== null,
  refund: refund ? shownRefund(refund) : null,
  ticketIds: [...booking.ticketIds],
  ticketId: booking.ticketIds[0] ?? null,
  history: history.map(({ status, at }) => ({ status, at: at.toISOString() })),
});

export const showSummary = (booking: BookingRecord): z.infer<typeof bookingSummarySchema> => ({
  bookingId: booking.bookingId,
  status: booking.status,
  journeyId: booking.journeyId,
  train: booking.trip.train,
  from: booking.trip.from,
  to: booking.trip.to,
  amount: booking.amount,
  currency: booking.currency,
  createdAt: booking.createdAt.toISOString(),
});

/** Ends are written down; that a payment is under way follows from the booking. */
const paymentStatusOf = ({ status, paymentStatus }: BookingRecord): Booking["payment"]["status"] =>
  paymentStatus === "PENDING" && status === "PAYMENT_PROCESSING" ? "PROCESSING" : paymentStatus;
