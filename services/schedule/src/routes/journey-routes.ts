import type pg from "pg";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { created, type Reply } from "@jatra/common/http/reply.ts";
import * as contract from "@jatra/contracts/http/schedule.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import { currentFare } from "../data/fare-store.ts";
import type { CachedJourney, FindJourney } from "../data/journey-cache.ts";
import { publishJourney } from "../data/publish-journey.ts";
import { loadTrainPlans } from "../data/train-store.ts";
import { leavesAfter } from "../domain/plan-days.ts";
import { planJourney } from "../domain/plan-journey.ts";

type Dependencies = {
  readonly pool: pg.Pool;
  readonly findJourney: FindJourney;
  readonly now: () => Date;
  /** Has the outbox relayed now instead of at its next poll. */
  readonly journeyPublished: () => void;
};

/** Journeys: shown to everybody, published by hand by admins. */
export const journeyRoutes = (dependencies: Dependencies): Route[] => [
  bind(contract.getJourney, async ({ params }) =>
    journeyReply(await dependencies.findJourney(params.id)),
  ),
  bind(contract.publishJourney, async ({ body, requestId }) => {
    const journey = await publish(dependencies, body, requestId);
    dependencies.journeyPublished();
    return created(`/api/journeys/${journey.journeyId}`, journey);
  }),
];

export const journeyReply = (found: CachedJourney | undefined): Reply => {
  if (!found) throw new Problem("not_found");
  return { status: 200, raw: { bytes: found.bytes, contentType: "application/json" } };
};

const publish = async (
  { pool, now }: Dependencies,
  { trainId, date }: { trainId: string; date: string },
  requestId: string,
): Promise<Journey> => {
  const [train] = await loadTrainPlans(pool, { trainId });
  if (!train) throw new Problem("not_found", { detail: `There is no train ${trainId}.` });
  if (!leavesAfter(train, date, now())) throw new Problem("journey_departed");
  const fare = await currentFare(pool);
  if (!fare) throw new Problem("conflict", { detail: "There is no fare version yet." });
  const journey = planJourney(train, date, fare);
  const published = await publishJourney(pool, journey, { trainId, localDate: date }, requestId);
  if (!published) {
    throw new Problem("conflict", { detail: `The journey ${journey.journeyId} is published.` });
  }
  return journey;
};
