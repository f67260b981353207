import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { RefundRequest } from "@jatra/contracts/http/payment.ts";
import type { Refund } from "./refund.ts";

export type RefundStore = {
  /** False where this refund or another of the booking exists, or the payment hasn't captured that much. */
  readonly insert: (
    refundId: string,
    request: RefundRequest,
    requestId: string,
  ) => Promise<boolean>;
  readonly find: (refundId: string) => Promise<Refund | undefined>;
  readonly findByBooking: (bookingId: string) => Promise<Refund | undefined>;
  /** REQUESTED, or SENT and due → SENT with one more attempt and a lease; committed when it returns. */
  readonly lease: (limit: number, leaseMs: number) => Promise<Refund[]>;
  /** Remembers the provider's name of a refund that isn't through yet, and when to ask again. */
  readonly postpone: (
    refundId: string,
    providerReference: string | undefined,
    dueInMs: number,
  ) => Promise<void>;
  /** SENT → DONE or FAILED by compare-and-set. */
  readonly settle: (
    tx: Queryable,
    refundId: string,
    state: "DONE" | "FAILED",
    told: { readonly providerReference?: string; readonly reason?: string },
  ) => Promise<Refund | undefined>;
};
