import type { ConsumeOptions } from "@jatra/common/messaging/connection.ts";
import { seatsChangedSchema } from "@jatra/contracts/messages/seats-changed.ts";
import type { ApplyClaims } from "../data/apply-claims.ts";

/** As many as are written with one statement; a full train's has some 15 kB. */
const PREFETCH = 64;

/**
 * Counts free seats anew from the claims that a message carries. No inbox: the revision says what is old. A message for a journey that
 * isn't known is let go: when the journey comes, its claims are asked for.
 */
export const takeInSeats = ({ applyClaims }: { applyClaims: ApplyClaims }): ConsumeOptions => ({
  queue: "search.seat-events.queue",
  prefetch: PREFETCH,
  handle: async ({ content }) => {
    await applyClaims(seatsChangedSchema.parse(content));
  },
});
