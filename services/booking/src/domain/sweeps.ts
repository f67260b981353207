import type { BookingRecord, RefundRecord } from "./booking-record.ts";

/** An ended booking, when it came to this end, and what was given back by it (poisha). */
export type UntoldEnd = BookingRecord & {
  readonly endedAt: Date;
  readonly refundedAmount: number;
};

/**
 * What the sweepers take up. Each call takes some rows for itself for a while (SKIP LOCKED, a time until which nobody else
 * takes them), so that no transaction is open while other services are asked, and any number of sweepers may run.
 */
export type Sweeps = {
  /** Live bookings past their deadline, or to be closed before it: cancelled, or not deliverable. */
  readonly takeOverdue: (limit: number) => Promise<BookingRecord[]>;
  /** Live bookings of which nothing was heard for longer than a payment takes. */
  readonly takeStuck: (limit: number) => Promise<BookingRecord[]>;
  /** Ended bookings of which somebody may not have heard. */
  readonly takeUntold: (limit: number) => Promise<UntoldEnd[]>;
  readonly takeOpenRefunds: (limit: number) => Promise<RefundRecord[]>;
};

/** Rows a round; as many calls to payment-service are under way at once, below the client's 64 connections. */
export const SWEEP_BATCH = 32;

/**
 * Takes batch after batch until one is not full; answers how many rows changed. One row that fails doesn't keep the
 * others: it comes again when its time is up.
 */
export const sweepAll = async <T>(
  take: (limit: number) => Promise<T[]>,
  repair: (item: T) => Promise<boolean>,
  onError: (item: T, error: unknown) => void,
): Promise<number> => {
  let repaired = 0;
  for (;;) {
    const items = await take(SWEEP_BATCH);
    const results = await Promise.all(
      items.map(async (item) => {
        try {
          return await repair(item);
        } catch (error) {
          onError(item, error);
          return false;
        }
      }),
    );
    repaired += results.filter(Boolean).length;
    if (items.length < SWEEP_BATCH) return repaired;
  }
};
