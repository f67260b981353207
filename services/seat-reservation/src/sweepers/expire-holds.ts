import type { Queryable } from "@jatra/common/database/queryable.ts";
import { expireOverdue, OVERDUE_BATCH } from "../data/sweep-store.ts";
import type { SeatMarkers } from "../domain/seat-markers.ts";

/** Ends holds whose time is over, so that their seats are free within TTL + 10 s (I4). Answers how many. */
export const expireHolds = async ({
  pool,
  markers,
}: {
  readonly pool: Queryable;
  readonly markers: SeatMarkers;
}): Promise<number> => {
  let ended = 0;
  for (;;) {
    const expired = await expireOverdue(pool);
    // Their markers end by themselves, but for those whose end Redis learnt too late.
    await Promise.all(expired.map((lock) => markers.release(lock)));
    ended += expired.length;
    if (expired.length < OVERDUE_BATCH) return ended;
  }
};
