export const refundStates = ["REQUESTED", "SENT", "DONE", "FAILED"] as const;

/** REQUESTED: recorded. SENT: the provider was told, or is being told. DONE, FAILED: it answered. */
export type RefundLifeState = (typeof refundStates)[number];

/** The state machine, in one place; a trigger in the database holds the same table. */
export const refundTransitions = {
  REQUESTED: ["SENT"],
  SENT: ["DONE", "FAILED"],
  DONE: [],
  FAILED: [],
} as const satisfies Record<RefundLifeState, readonly RefundLifeState[]>;

export type Refund = {
  readonly refundId: string;
  readonly paymentId: string;
  readonly bookingId: string;
  /** In poisha. */
  readonly amount: number;
  readonly currency: string;
  readonly state: RefundLifeState;
  readonly attempts: number;
  readonly providerReference: string | undefined;
  readonly reason: string | undefined;
  readonly requestId: string;
  /** The provider's name of the charge that is given back. */
  readonly chargeReference: string;
};
