import type pg from "pg";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { decodeCursor } from "@jatra/common/http/cursor.ts";
import { cutPage } from "@jatra/common/http/cut-page.ts";
import * as contract from "@jatra/contracts/http/schedule.ts";
import { journeyIdSchema } from "@jatra/contracts/primitives.ts";
import type { FindJourney } from "../data/journey-cache.ts";
import { listLiveJourneys } from "../data/journey-store.ts";
import { journeyReply } from "./journey-routes.ts";

type Dependencies = { readonly pool: pg.Pool; readonly findJourney: FindJourney };

/** For the other services: the journey, and all journeys. */
export const internalRoutes = ({ pool, findJourney }: Dependencies): Route[] => [
  bind(contract.getInternalJourney, async ({ params }) =>
    journeyReply(await findJourney(params.journeyId)),
  ),
  bind(contract.listInternalJourneys, async ({ query }) => {
    const after = decodeCursor(query.after, journeyIdSchema) ?? "";
    const rows = await listLiveJourneys(pool, after, query.limit + 1);
    const { shown, nextCursor } = cutPage(rows, query.limit, ({ journeyId }) => journeyId);
    const journeys = shown.map(({ json }) => json).join(",");
    const text = `{"journeys":[${journeys}],"nextCursor":${JSON.stringify(nextCursor)}}`;
    const bytes = Buffer.from(text);
    return { status: 200, raw: { bytes, contentType: "application/json" } };
  }),
];
