import type { OwnedSeats } from "./owned-seats.ts";

export type Marking =
  | { readonly outcome: "marked" }
  | { readonly outcome: "taken"; readonly failedSeat: string }
  /** Redis is away: the database decides alone, more slowly and just as safely. */
  | { readonly outcome: "unknown" };

/**
 * The markers in Redis that turn the crowd away before the database is asked. They are never the last word, so none of
 * these ever throws: a marker that couldn't be written is restored by a sweeper, one that couldn't be removed ends by
 * itself or is removed by the sweeper.
 */
export type SeatMarkers = {
  readonly lock: (seats: OwnedSeats, owner: string, ttlSeconds: number) => Promise<Marking>;
  /** `ttlMs` 0: no end. */
  readonly extend: (seats: OwnedSeats, ttlMs: number) => Promise<void>;
  /** What Redis couldn't be told is kept for `retryReleases`. */
  readonly release: (seats: OwnedSeats) => Promise<void>;
  /** Releases what failed before; answers how many locks. */
  readonly retryReleases: () => Promise<number>;
};
