import type { PricedLock } from "@jatra/contracts/http/seat-reservation.ts";
import type {
  PaymentIntent,
  PaymentStanding,
  RefundRequest,
  RefundState,
} from "@jatra/contracts/http/payment.ts";

/** What booking asks of the other services. All throw `InternalCallError` where there was no answer. */
export type LockClaim = {
  readonly lockId: string;
  readonly bookingId: string;
  readonly userId: string;
  readonly lockTokenHash: string | undefined;
  readonly passengers: number;
  readonly expectedAmount: number | undefined;
};

export type SeatReservation = {
  /**
   * Prices the lock's seats, then HELD → PAYING; a repeat for the same booking answers the same. Throws the service's own Problem:
   * `not_found`, `lock_expired`, `passengers_mismatch`, `price_changed`, …; then the lock is as it was.
   */
  readonly payLock: (claim: LockClaim, requestId: string) => Promise<PricedLock>;
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
