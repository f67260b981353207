import type { PaymentDetails } from "@jatra/contracts/messages/payment-process.ts";

export type Simulation = NonNullable<PaymentDetails["simulate"]>;

/** What a charge does to its merchant; times in ms. */
export type Behaviour = {
  readonly status: "captured" | "declined";
  /** Before the charge is made. */
  readonly delayMs: number;
  /** After the charge was made, before the answer. */
  readonly holdAnswerMs: number;
  /** Calls that end with a 503 and no charge before one succeeds. */
  readonly failingTries: number;
  /** When each webhook is first sent, after the charge. */
  readonly webhooksAfterMs: readonly number[];
};

const approve: Behaviour = {
  status: "captured",
  delayMs: 0,
  holdAnswerMs: 0,
  failingTries: 0,
  webhooksAfterMs: [0],
};

/**
 * Everything that `simulate` can steer. Each ends within 60 s for a merchant that follows up: the held answer is longer than any
 * sane timeout, and its webhook comes late, so that a merchant's own query has to find out first.
 */
const behaviours = {
  approve,
  decline: { ...approve, status: "declined" },
  slow: { ...approve, delayMs: 3_000 },
  timeout_after_charge: { ...approve, holdAnswerMs: 30_000, webhooksAfterMs: [20_000] },
  error_then_approve: { ...approve, failingTries: 2 },
  duplicate_webhook: { ...approve, webhooksAfterMs: [0, 0, 1_000] },
} as const satisfies Record<Simulation, Behaviour>;

export const behaviourOf = (simulate: Simulation | undefined): Behaviour =>
  behaviours[simulate ?? "approve"];
