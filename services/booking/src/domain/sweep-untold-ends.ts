import { bookingEventOf, isAnnounced } from "./booking-event.ts";
import type { Stores, Transact } from "./stores.ts";
import { SWEEP_BATCH, type Sweeps, type UntoldEnd } from "./sweeps.ts";

/**
 * Tells ends again of which somebody may not have heard: a queue that is purged, or was deleted for a moment, loses messages that the
 * broker has confirmed. A booking without tickets is told until they come; seats and tickets that are to be free again, some times
 * more. Every consumer takes a repeat for what it is. A batch is one transaction; if that fails, it is told when its pause is over.
 * Answers how many were told.
 */
export const sweepUntoldEnds = async ({
  sweeps,
  transact,
}: {
  readonly sweeps: Sweeps;
  readonly transact: Transact;
}): Promise<number> => {
  let told = 0;
  for (;;) {
    const ends = await sweeps.takeUntold(SWEEP_BATCH);
    if (ends.length === 0) return told;
    await transact((stores) => tellAgain(stores, ends));
    told += ends.length;
    if (ends.length < SWEEP_BATCH) return told;
  }
};

const tellAgain = async (stores: Stores, ends: readonly UntoldEnd[]): Promise<void> => {
  const telling = ends.map(async (booking) => {
    const { status, version, endedAt: at, refundedAmount, requestId } = booking;
    if (!isAnnounced(status)) return;
    const event = bookingEventOf(booking, { status, version, at }, refundedAmount);
    await stores.publishEvent(event, requestId);
  });
  await Promise.all(telling);
};
