import { Problem } from "@jatra/common/http/problem.ts";
import type { Quote } from "@jatra/contracts/quote.ts";
import type { JourneySource } from "./journey-plan.ts";
import type { LockRecord } from "./lock-record.ts";
import type { LockStore, Payer } from "./lock-store.ts";
import { payLock, readForBooking } from "./pay-lock.ts";
import { quoteSeats } from "./quote-seats.ts";
import type { SeatMarkers } from "./seat-markers.ts";

export type PayRequest = {
  readonly lockId: string;
  readonly payer: Payer;
  /** One for each seat. */
  readonly passengers: number;
  /** In poisha; whatever the client believes, it is only ever compared. */
  readonly expectedAmount: number | undefined;
};

/**
 * A booking's seats at their price, in payment. The price comes first: who books for another number of passengers or doesn't want the
 * price keeps the lock as it is. Throws `passengers_mismatch` (with `seats`), `price_changed` (with the price), what `quoteSeats` and
 * `payLock` throw. A repeat for the same booking answers the same.
 */
export const priceAndPay = async (
  dependencies: {
    readonly locks: LockStore;
    readonly markers: SeatMarkers;
    readonly journeys: JourneySource;
  },
  { lockId, payer, passengers, expectedAmount }: PayRequest,
): Promise<{ readonly lock: LockRecord; readonly quote: Quote }> => {
  const lock = await readForBooking(dependencies, { lockId, payer });
  if (lock.seatIds.length !== passengers) {
    throw new Problem("passengers_mismatch", { extra: { seats: lock.seatIds.length } });
  }
  const quote = await quoteLock(dependencies.journeys, lock);
  if (expectedAmount !== undefined && expectedAmount !== quote.total) {
    const { total: amount, currency } = quote;
    throw new Problem("price_changed", { extra: { amount, currency } });
  }
  return { lock: await payLock(dependencies, { lockId, payer }), quote };
};

const quoteLock = async (journeys: JourneySource, lock: LockRecord): Promise<Quote> => {
  const plan = await journeys.find(lock.journeyId);
  if (!plan) throw new Error(`lock ${lock.lockId} is of the unknown journey ${lock.journeyId}`);
  return quoteSeats(plan.journey, lock, new Date());
};
