import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type { LockRecord } from "./lock-record.ts";
import type { SeatMarkers } from "./seat-markers.ts";

/** What ends PAYING or SOLD: always booking-service's word about the booking that the seats went to. */
export type BookingsWord = {
  readonly lockId: string;
  readonly bookingId: string;
  /** Of the event; 0 for an answer to `resolve`, which has none. */
  readonly bookingVersion: number;
  /** Whose booking it is, where the word tells it. */
  readonly userId?: string;
};

export type SaleStore = {
  /** PAYING → SOLD; `undefined` where there is nothing (any more) to do. */
  readonly sell: (word: BookingsWord) => Promise<LockRecord | undefined>;
  /** PAYING or SOLD → RELEASED, unless a newer event sold them. */
  readonly free: (word: BookingsWord) => Promise<LockRecord | undefined>;
  /** The lock, if it is RELEASED after having been this booking's. */
  readonly findFreed: (word: BookingsWord) => Promise<LockRecord | undefined>;
};

type Dependencies = {
  readonly sales: SaleStore;
  readonly markers: SeatMarkers;
  /** Seats were sold to somebody who didn't hold them (I7). */
  readonly onForeignSale?: () => void;
};

/**
 * Sells the seats of a booking, or frees them. Both are conditional on lock and booking, so repeats do nothing, and a sale
 * that arrives after its refund finds nothing in PAYING. Answers whether something changed.
 */
export const applyBookingsWord = async (
  { sales, markers, onForeignSale }: Dependencies,
  outcome: "sold" | "free",
  word: BookingsWord,
): Promise<boolean> => {
  if (outcome === "sold") {
    const sold = await sales.sell(word);
    if (sold && isForeign(sold, word)) onForeignSale?.();
    if (sold) await markers.extend(sold, 0);
    return sold !== undefined;
  }
  const freed = await sales.free(word);
  // A repeat, perhaps because the first one died between the two stores: its markers have no end of their own and
  // would keep free seats from everybody until the sweeper compares the journey.
  const ended = freed ?? (await sales.findFreed(word));
  if (ended) await markers.release(ended);
  return freed !== undefined;
};

/** A guest's lock is whoever's has its token; booking-service had to show it to pay. */
const isForeign = ({ userId }: LockRecord, word: BookingsWord): boolean =>
  userId !== null && word.userId !== undefined && userId !== word.userId;

export const outcomeOf = (type: BookingEvent["type"]): "sold" | "free" =>
  type === "booking.confirmed" ? "sold" : "free";
