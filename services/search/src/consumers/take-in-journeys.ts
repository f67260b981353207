import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { ConsumeOptions } from "@jatra/common/messaging/connection.ts";
import { journeySchema } from "@jatra/contracts/messages/journey-published.ts";
import { insertJourney } from "../data/journey-store.ts";

/** Ten statements a journey at most, so a few at a time keep the pool's other users alive on a day's 30 new ones. */
const PREFETCH = 4;

/** Adds published journeys to the read model. No inbox: a repeat finds the journey and changes nothing. */
export const takeInJourneys = ({ pool }: { readonly pool: pg.Pool }): ConsumeOptions => ({
  queue: "search.journey-events.queue",
  prefetch: PREFETCH,
  handle: async ({ content }) => {
    const journey = journeySchema.parse(content);
    await inTransaction(pool, (transaction) => insertJourney(transaction, journey));
  },
});
