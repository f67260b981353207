import type { Logger } from "@jatra/common/logging/logger.ts";
import { bookingEventOf, isAnnounced } from "./booking-event.ts";
import type { Transact } from "./stores.ts";
import { sweepAll, type Sweeps, type UntoldEnd } from "./sweeps.ts";

/**
 * Tells ends again of which somebody may not have heard: a queue that is purged, or was deleted for a moment, loses messages that the
 * broker has confirmed. A booking without tickets is told until they come; seats and tickets that are to be free again, some times
 * more. Every consumer takes a repeat for what it is. Answers how many were told.
 */
export const sweepUntoldEnds = ({
  sweeps,
  transact,
  logger,
}: {
  readonly sweeps: Sweeps;
  readonly transact: Transact;
  readonly logger: Logger;
}): Promise<number> =>
  sweepAll(
    sweeps.takeUntold,
    (booking) => tellAgain(booking, transact),
    ({ bookingId, requestId }, error) =>
      logger.warn({ err: error, bookingId, requestId }, "End not told again, later"),
  );

const tellAgain = async (booking: UntoldEnd, transact: Transact): Promise<boolean> => {
  const { status, version, endedAt: at, refundedAmount, requestId } = booking;
  if (!isAnnounced(status)) return false;
  const event = bookingEventOf(booking, { status, version, at }, refundedAmount);
  await transact((stores) => stores.publishEvent(event, requestId));
  return true;
};
