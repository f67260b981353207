import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import { InternalCallError } from "@jatra/common/http/internal-client.ts";
import { journeySchema } from "@jatra/contracts/messages/journey-published.ts";
import { LRUCache } from "lru-cache";
import { planJourney, type JourneyPlan, type JourneySource } from "../domain/journey-plan.ts";

/** Ten trains for ten days, ten times over; a journey with 600 seats is about 60 kB, so 60 MB at most. */
const JOURNEYS_MAX = 1_000;
/** Long enough that guessing ids doesn't reach schedule-service, short enough for a journey published now. */
const UNKNOWN_TTL_MS = 2_000;

/**
 * Journeys from schedule-service, kept for as long as there is room: once published they never change. Requests for
 * a journey that isn't here yet share one call.
 */
export const createJourneyClient = (schedule: InternalClient): JourneySource => {
  const known = new LRUCache<string, { readonly plan: JourneyPlan | undefined }>({
    max: JOURNEYS_MAX,
    fetchMethod: async (journeyId, _stale, { options }) => {
      const plan = await fetchPlan(schedule, journeyId);
      if (!plan) options.ttl = UNKNOWN_TTL_MS;
      return { plan };
    },
  });
  return { find: async (journeyId) => (await known.fetch(journeyId))?.plan };
};

const fetchPlan = async (
  schedule: InternalClient,
  journeyId: string,
): Promise<JourneyPlan | undefined> => {
  const path = `/internal/journeys/${encodeURIComponent(journeyId)}`;
  const answer = await schedule.call({ method: "GET", path, response: journeySchema });
  if (answer.ok) return planJourney(answer.body);
  if (answer.status === 404) return undefined;
  throw new InternalCallError(`GET ${path}: ${answer.status} ${answer.code}`);
};
