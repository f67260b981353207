import type pg from "pg";
import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import { seatsChangedSchema } from "@jatra/contracts/messages/seats-changed.ts";
import type { ApplyClaims } from "../data/apply-claims.ts";
import { putBackUnchecked, takeUnchecked } from "../data/journey-store.ts";

/** A journey whose last message was lost would stay wrong; so it is at most ten minutes. */
const RECHECK_SECONDS = 600;
/** With a run every ten seconds, 300 journeys are asked after in two and a half minutes, at two calls a second. */
const BATCH_JOURNEYS = 20;

/**
 * Asks seat-reservation for the claims of journeys that were not asked after for long: new ones, whose claims may be older than
 * they are here, and each in its turn. Answers how many were put right (a journey's first claims are no repair unless
 * there were any). Any number of pods may run it: they take different journeys.
 */
export const checkClaims = async (dependencies: {
  readonly pool: pg.Pool;
  readonly seats: InternalClient;
  readonly applyClaims: ApplyClaims;
}): Promise<number> => {
  const { pool, seats, applyClaims } = dependencies;
  const journeyIds = await takeUnchecked(pool, RECHECK_SECONDS, BATCH_JOURNEYS);
  let repaired = 0;
  for (const [index, journeyId] of journeyIds.entries()) {
    try {
      const path = `/internal/journeys/${encodeURIComponent(journeyId)}/claims`;
      const answer = await seats.call({ method: "GET", path, response: seatsChangedSchema });
      if (!answer.ok) throw new Error(`seat-reservation refused ${journeyId}: ${answer.code}`);
      const applied = await applyClaims(answer.body);
      if (applied && answer.body.claims.length > 0) repaired += 1;
    } catch (error) {
      await putBackUnchecked(pool, journeyIds.slice(index));
      throw error;
    }
  }
  return repaired;
};
