import { randomUUID } from "node:crypto";
import { Problem } from "@jatra/common/http/problem.ts";
import type { SeatMetrics } from "../seat-metrics.ts";
import { chooseSeats, type SeatChoice } from "./choose-seats.ts";
import type { JourneySource } from "./journey-plan.ts";
import { createLockToken, hashLockToken } from "./lock-token.ts";
import type { SeatMarkers } from "./seat-markers.ts";
import type { Stretch } from "./stretch.ts";

export type Hold = {
  readonly lockId: string;
  readonly journeyId: string;
  readonly userId: string | null;
  readonly tokenHash: Buffer;
  readonly seatIds: readonly string[];
  readonly stretch: Stretch;
  readonly ttlSeconds: number;
};

export type AcquiredLock = {
  readonly lockId: string;
  readonly lockToken: string;
  readonly journeyId: string;
  readonly lockedSeats: readonly string[];
  readonly expiresAt: string;
};

/** Claims in the database; the caller's `finish` runs in the same transaction, before its commit. */
export type ClaimSeats = (
  hold: Hold,
  finish: (expiresAt: Date) => AcquiredLock,
) => Promise<
  | { readonly outcome: "claimed"; readonly lock: AcquiredLock }
  | { readonly outcome: "taken"; readonly failedSeat: string }
>;

export type AcquireDependencies = {
  readonly journeys: JourneySource;
  readonly markers: SeatMarkers;
  readonly claimSeats: ClaimSeats;
  readonly metrics: SeatMetrics;
  readonly limits: {
    readonly ttlSeconds: number;
    readonly seatsMax: number;
    readonly maxHoldSeconds: number;
  };
};

export type AcquireRequest = SeatChoice & {
  readonly journeyId: string;
  readonly userId: string | null;
  readonly ttlSeconds?: number | undefined;
};

/**
 * Holds all seats or none: Redis turns the crowd away, the database decides, and whoever it refuses leaves nothing
 * behind. Throws `not_found`, what `chooseSeats` throws, and `seat_unavailable` with `failedSeat`.
 */
export const acquireLock = async (
  dependencies: AcquireDependencies,
  request: AcquireRequest,
): Promise<AcquiredLock> => {
  const { limits } = dependencies;
  const { journeyId, userId, seatIds } = request;
  const plan = await dependencies.journeys.find(journeyId);
  if (!plan) throw new Problem("not_found", { detail: "There is no such journey." });
  const wish = { seatsMax: limits.seatsMax, now: new Date() };
  const stretch = chooseSeats(plan, request, wish);
  const lockToken = createLockToken();
  const hold: Hold = {
    lockId: randomUUID(),
    journeyId,
    userId,
    tokenHash: hashLockToken(lockToken),
    seatIds,
    stretch,
    ttlSeconds: Math.min(request.ttlSeconds ?? limits.ttlSeconds, limits.maxHoldSeconds),
  };
  return holdSeats(dependencies, hold, lockToken);
};

const holdSeats = async (
  { markers, claimSeats, metrics }: AcquireDependencies,
  hold: Hold,
  lockToken: string,
): Promise<AcquiredLock> => {
  const { lockId, journeyId, seatIds, stretch } = hold;
  const seats = { lockId, journeyId, seatIds, fromSeq: stretch.fromSeq, toSeq: stretch.toSeq };
  const marking = await markers.lock(seats, hold.userId ?? "guest", hold.ttlSeconds);
  if (marking.outcome === "taken") {
    metrics.holds.inc({ outcome: "refused_by_redis" });
    throw new Problem("seat_unavailable", { extra: { failedSeat: marking.failedSeat } });
  }
  const claim = await claimSeats(hold, (expiresAt) => ({
    lockId,
    lockToken,
    journeyId,
    lockedSeats: seatIds,
    expiresAt: expiresAt.toISOString(),
  })).catch(async (error: unknown) => {
    // If the claim was committed all the same, the index still guards the seats until the hold ends.
    await markers.release(seats);
    throw error;
  });
  if (claim.outcome === "taken") {
    await markers.release(seats);
    metrics.holds.inc({ outcome: "refused_by_database" });
    throw new Problem("seat_unavailable", { extra: { failedSeat: claim.failedSeat } });
  }
  metrics.holds.inc({ outcome: "held" });
  return claim.lock;
};
