import type { BookingStatus } from "@jatra/contracts/http/booking.ts";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type { PaymentDetails, PaymentProcess } from "@jatra/contracts/messages/payment-process.ts";

/** Train and stops as they were quoted, so that nobody has to ask the schedule for an old booking. */
export type Trip = Pick<BookingEvent, "train" | "from" | "to">;
export type Passenger = BookingEvent["passengers"][number];
export type PaymentMethod = PaymentProcess["paymentMethod"];
export type PaymentStatus = "PENDING" | "CAPTURED" | "FAILED" | "REFUNDED";

/** A booking as written down. Tombstones (ABANDONED) never take this form. Amounts in poisha. */
export type BookingRecord = {
  readonly bookingId: string;
  readonly lockId: string;
  readonly status: BookingStatus;
  readonly version: number;
  readonly userId: string;
  readonly email: string;
  readonly journeyId: string;
  readonly trip: Trip;
  readonly departsAt: Date;
  /** In the order of the lock's seats. */
  readonly passengers: readonly Passenger[];
  readonly amount: number;
  readonly currency: "BDT";
  readonly paymentId: string;
  readonly paymentMethod: PaymentMethod;
  readonly paymentDetails: PaymentDetails;
  readonly paymentStatus: PaymentStatus;
  readonly paymentAttempts: number;
  readonly paymentDeadlineAt: Date;
  readonly cancelRequestedAt: Date | null;
  readonly ticketIds: readonly string[];
  readonly requestId: string;
  readonly createdAt: Date;
};

/** What is known when a booking is made; the rest the database fills in. */
export type NewBooking = Pick<
  BookingRecord,
  | "bookingId"
  | "lockId"
  | "userId"
  | "email"
  | "journeyId"
  | "trip"
  | "departsAt"
  | "passengers"
  | "amount"
  | "currency"
  | "paymentId"
  | "paymentMethod"
  | "paymentDetails"
  | "requestId"
> & {
  readonly fareVersionId: string;
  readonly paymentDeadlineSeconds: number;
};

export type RefundRecord = {
  readonly refundId: string;
  readonly bookingId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: "BDT";
  readonly status: "REQUESTED" | "SENT" | "DONE" | "FAILED";
};
