import type { PaymentMethod } from "./booking-record.ts";

/** Before any payment was seen: a provider that answers at once. */
const FIRST_GUESS_MS = 1_000;
/** Up nine times as far as down: in balance one payment in ten takes longer than the guess. */
const UP = 1.18;
const DOWN = 0.98;
/** Below a second the header can't tell anything; what takes minutes is a person on a provider's page, and may end any moment. */
const GUESS_MIN_MS = 500;
const LOOK_SECONDS_MAX = 10;

/** How long payments take at the moment, as far as this pod has seen. */
export type PaymentPace = {
  /** A payment by that method has ended, so long after its booking was made. */
  readonly note: (method: PaymentMethod, tookMs: number) => void;
  /**
   * In how many seconds (1 to 10) a look at a booking that old is worth it, for `Retry-After` (RFC 9110, 10.2.3). Payments that are
   * late are looked at ever more rarely: after half their age again.
   */
  readonly secondsUntilLook: (method: PaymentMethod, ageMs: number) => number;
};

/**
 * Whoever waits for the end of a payment asks again and again, and in a rush those looks cost more than the bookings: the slower
 * payments get, the later clients are sent to look.
 */
export const createPaymentPace = (): PaymentPace => {
  const guesses = new Map<PaymentMethod, number>();
  const guessOf = (method: PaymentMethod): number => guesses.get(method) ?? FIRST_GUESS_MS;
  return {
    note: (method, tookMs) => {
      const guess = guessOf(method);
      const next = guess * (tookMs > guess ? UP : DOWN);
      const highest = LOOK_SECONDS_MAX * 1_000;
      guesses.set(method, Math.min(Math.max(next, GUESS_MIN_MS), highest));
    },
    secondsUntilLook: (method, ageMs) => {
      const leftMs = guessOf(method) - ageMs;
      const seconds = Math.ceil((leftMs > 0 ? leftMs : ageMs / 2) / 1_000);
      return Math.min(Math.max(seconds, 1), LOOK_SECONDS_MAX);
    },
  };
};
