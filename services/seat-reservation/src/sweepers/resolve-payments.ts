import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { BookingClient } from "../data/booking-client.ts";
import { leaseUnresolved, type UnresolvedLock } from "../data/sweep-store.ts";
import { applyBookingsWord, type SaleStore } from "../domain/apply-bookings-word.ts";
import type { SeatMarkers } from "../domain/seat-markers.ts";

export type ResolveDependencies = {
  readonly pool: Queryable;
  readonly sales: SaleStore;
  readonly markers: SeatMarkers;
  readonly booking: BookingClient;
  readonly logger: Logger;
};

/**
 * Asks booking-service about seats that have been in payment for long: its event was lost, or it died before it wrote
 * the booking. Only its word ends PAYING. Answers how many locks were set right; one that it can't tell about now is
 * asked about again when its lease ends.
 */
export const resolvePayments = async (dependencies: ResolveDependencies): Promise<number> => {
  const locks = await leaseUnresolved(dependencies.pool);
  const changes = await Promise.all(locks.map((lock) => resolveOne(dependencies, lock)));
  return changes.filter(Boolean).length;
};

const resolveOne = async (
  { sales, markers, booking, logger }: ResolveDependencies,
  { lockId, bookingId }: UnresolvedLock,
): Promise<boolean> => {
  try {
    const outcome = await booking.resolve(bookingId, lockId);
    if (outcome === "LIVE") return false;
    const word = { lockId, bookingId, bookingVersion: 0 };
    return await applyBookingsWord(
      { sales, markers },
      outcome === "CONFIRMED" ? "sold" : "free",
      word,
    );
  } catch (error) {
    logger.warn({ err: error, lockId, bookingId }, "booking could not be resolved, asking again");
    return false;
  }
};
