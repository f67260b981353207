import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { appendOutbox } from "@jatra/common/outbox/append-outbox.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import { insertJourney } from "./journey-store.ts";

export type JourneyOrigin = { readonly trainId: string | null; readonly localDate: string };

/** Journey and `journey.published` in one transaction; false, and no message, when another pod was first. */
export const publishJourney = (
  pool: pg.Pool,
  journey: Journey,
  origin: JourneyOrigin,
  requestId: string,
): Promise<boolean> =>
  inTransaction(pool, (transaction) =>
    publishJourneyWithin(transaction, journey, origin, requestId),
  );

/** The same within a transaction that does more: other days, the sample data. */
export const publishJourneyWithin = async (
  transaction: Queryable,
  journey: Journey,
  origin: JourneyOrigin,
  requestId: string,
): Promise<boolean> => {
  if (!(await insertJourney(transaction, journey, origin))) return false;
  await appendOutbox(transaction, {
    exchange: "schedule.exchange",
    routingKey: "journey.published",
    content: journey,
    requestId,
    aggregateId: journey.journeyId,
  });
  return true;
};
