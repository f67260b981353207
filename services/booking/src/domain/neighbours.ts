import type { PaidLock } from "@jatra/contracts/http/seat-reservation.ts";
import type {
  PaymentIntent,
  PaymentStanding,
  RefundRequest,
  RefundState,
} from "@jatra/contracts/http/payment.ts";
import type { Quote, QuoteBody } from "@jatra/contracts/quote.ts";

/** What booking asks of the other services. All throw `InternalCallError` where there was no answer. */
export type LockClaim = {
  readonly lockId: string;
  readonly bookingId: string;
  readonly userId: string;
  readonly lockTokenHash: string | undefined;
};

/** Both throw the service's own Problem: `not_found`, `lock_expired`, `lock_in_payment`. */
export type SeatReservation = {
  readonly readLock: (claim: LockClaim, requestId: string) => Promise<PaidLock>;
  /** HELD → PAYING; a repeat for the same booking answers the same. */
  readonly payLock: (claim: LockClaim, requestId: string) => Promise<PaidLock>;
};

/** Throws the service's own Problem, such as `journey_departed`. */
export type Schedule = {
  readonly quote: (body: QuoteBody, requestId: string) => Promise<Quote>;
};

export type Payments = {
  /** False where payment-service refuses for good: closed before, or recorded with other figures. */
  readonly put: (paymentId: string, intent: PaymentIntent, requestId: string) => Promise<boolean>;
  /** `undefined` where payment-service has never heard of it. */
  readonly standing: (paymentId: string, requestId: string) => Promise<PaymentStanding | undefined>;
  readonly close: (paymentId: string, requestId: string) => Promise<PaymentStanding>;
  /** `undefined` where payment-service refuses for good. */
  readonly putRefund: (
    refundId: string,
    refund: RefundRequest,
    requestId: string,
  ) => Promise<RefundState | undefined>;
};
