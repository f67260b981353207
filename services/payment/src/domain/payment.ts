import type { PaymentDetails } from "@jatra/contracts/messages/payment-process.ts";

export const paymentStates = ["NEW", "SENT", "UNKNOWN", "CAPTURED", "FAILED", "CLOSED"] as const;

/**
 * NEW: recorded, no provider knows of it. SENT: a call to the provider runs, or the payer is on the provider's page.
 * UNKNOWN: a call ended without an answer. CAPTURED: the provider has the money. FAILED: it hasn't, as far
 * as it told. CLOSED: stopped before it was ever sent.
 */
export type PaymentLifeState = (typeof paymentStates)[number];

/**
 * The state machine, in one place; a trigger in the database holds the same table. FAILED isn't final, since a capture can
 * come to light late (captured outranks failed); CAPTURED and CLOSED are.
 */
export const paymentTransitions = {
  NEW: ["SENT", "CLOSED"],
  SENT: ["UNKNOWN", "CAPTURED", "FAILED"],
  UNKNOWN: ["SENT", "CAPTURED", "FAILED"],
  FAILED: ["CAPTURED"],
  CAPTURED: [],
  CLOSED: [],
} as const satisfies Record<PaymentLifeState, readonly PaymentLifeState[]>;

/** Whether the state machine has this step. */
export const isLegalTransition = (from: PaymentLifeState, to: PaymentLifeState): boolean =>
  (paymentTransitions[from] as readonly PaymentLifeState[]).includes(to);

/** States from which evidence of this outcome may settle a payment. */
export const settlesFrom = (outcome: "CAPTURED" | "FAILED"): PaymentLifeState[] =>
  paymentStates.filter((state) => isLegalTransition(state, outcome));

/** A payment with its intent. */
export type Payment = {
  readonly paymentId: string;
  readonly bookingId: string;
  readonly userId: string;
  /** In poisha. */
  readonly amount: number;
  readonly currency: string;
  readonly method: string;
  readonly details: PaymentDetails | undefined;
  readonly state: PaymentLifeState;
  readonly closeRequested: boolean;
  readonly attempts: number;
  readonly deadlineAt: Date | undefined;
  /** By the database's clock. */
  readonly deadlinePassed: boolean;
  /** Since the last call to the provider began, by the database's clock; `undefined` if none ever did. */
  readonly sentAgoMs: number | undefined;
  readonly redirectUrl: string | undefined;
  readonly providerReference: string | undefined;
  readonly reason: string | undefined;
  readonly requestId: string;
  readonly createdAt: Date;
};
