import type { IncomingHttpHeaders } from "node:http";
import type { PaymentDetails } from "@jatra/contracts/messages/payment-process.ts";

/** What a provider says about a charge, whichever way it came: reply, webhook, query or ledger. */
export type Evidence = {
  readonly paymentId: string;
  readonly outcome: "captured" | "failed";
  /** In poisha, as the provider has it. */
  readonly amount: number;
  readonly currency: string;
  /** The provider's own name of the charge. */
  readonly providerReference: string;
  readonly reason?: string;
};

export type ChargeRequest = {
  /** Reference and idempotency key at the provider. */
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly method: string;
  readonly details: PaymentDetails | undefined;
};

/** `redirect`: the payer must go to a page, the result comes later. `unknown`: sent, but no usable answer. */
export type ChargeAnswer =
  | { readonly kind: "settled"; readonly evidence: Evidence }
  | { readonly kind: "redirect"; readonly redirectUrl: string }
  | { readonly kind: "unknown"; readonly cause: string };

/** `none`: the provider has no charge under this reference. `unavailable`: it couldn't be asked. */
export type ChargeFinding =
  | { readonly kind: "settled"; readonly evidence: Evidence }
  | { readonly kind: "pending" }
  | { readonly kind: "none" }
  | { readonly kind: "unavailable"; readonly cause: string };

export type RefundRequestAtProvider = {
  /** Idempotency key at the provider. */
  readonly refundId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  /** The provider's name of the charge that is given back. */
  readonly chargeReference: string;
  /** The provider's name of this refund, once it has told one. */
  readonly providerReference: string | undefined;
};

export type RefundAnswer =
  | { readonly kind: "done"; readonly providerReference: string }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "pending"; readonly providerReference: string }
  | { readonly kind: "unknown"; readonly cause: string };

export type LedgerLine = {
  readonly position: number;
  readonly kind: "charge" | "refund";
  readonly entryId: string;
  /** Payment id of a charge, refund id of a refund. */
  readonly reference: string;
  readonly outcome: "captured" | "failed" | "refunded" | "refund_refused";
  readonly amount: number;
  readonly currency: string;
  readonly at: Date;
};

/**
 * A payment provider. Nothing here throws for what a provider may do (decline, time out, break): that is an answer.
 * Calls end within the limits that the adapter was made with.
 */
export type PaymentProvider = {
  readonly name: "simulator" | "sslcommerz";
  /** Whether payers go to a page of the provider. */
  readonly hasPage: boolean;
  readonly charge: (request: ChargeRequest) => Promise<ChargeAnswer>;
  readonly findCharge: (paymentId: string) => Promise<ChargeFinding>;
  /** Safe to repeat under the same refund id; asks for the state of a refund that the provider has begun. */
  readonly refund: (request: RefundRequestAtProvider) => Promise<RefundAnswer>;
  /** Entries after a position, oldest first; absent where the provider has no such list. */
  readonly listLedger?: (after: number) => Promise<readonly LedgerLine[]>;
  /** `undefined` when the signature is not the provider's; an empty list when it says nothing of use. */
  readonly readWebhook: (
    headers: IncomingHttpHeaders,
    rawBody: Buffer,
  ) => Promise<readonly Evidence[] | undefined>;
};
