import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { appendOutboxBatch } from "@jatra/common/outbox/append-outbox-batch.ts";
import type pg from "pg";
import { raiseRevisions, takeChangedJourneys } from "../data/change-store.ts";
import { readClaims } from "../data/claim-store.ts";

/**
 * Tells others about journeys whose claims changed: one message a journey however many changes there were since the last
 * run. The notes were committed with the changes, so nothing is missed, and nobody who holds a seat waits for it.
 * Answers how many messages were written.
 */
export const publishChanges = async ({ pool }: { readonly pool: pg.Pool }): Promise<number> =>
  inTransaction(pool, async (transaction) => {
    const journeyIds = await takeChangedJourneys(transaction);
    if (journeyIds.length === 0) return 0;
    await raiseRevisions(transaction, journeyIds);
    const snapshots = await readClaims(transaction, journeyIds);
    const messages = snapshots.map((content) => ({
      exchange: "seat.exchange",
      routingKey: "seats.changed",
      content,
      requestId: `seats-changed.${content.journeyId}.${content.revision}`,
      aggregateId: content.journeyId,
    }));
    await appendOutboxBatch(transaction, messages);
    return journeyIds.length;
  });
