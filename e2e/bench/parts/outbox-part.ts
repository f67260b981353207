import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { shareTransactions } from "@jatra/common/database/share-transactions.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { appendLeased, appendOutbox } from "@jatra/common/outbox/append-outbox.ts";
import { startOutboxRelay } from "@jatra/common/outbox/outbox-relay.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestDatabase } from "@jatra/testing/test-database.ts";
import type { Part } from "./part.ts";

const outboxSql = fileURLToPath(import.meta.resolve("@jatra/common/outbox/outbox.sql"));

const message = {
  exchange: "booking.exchange",
  routingKey: "booking.confirmed",
  content: { type: "booking.confirmed", text: "x".repeat(600) },
  requestId: "request-1",
};

/** A message from its transaction to its confirm, by a broker that confirms at once: only the table's part differs. */
export const outboxPart = async (): Promise<Part> => {
  const database = await createTestDatabase({ sql: readFileSync(outboxSql, "utf8") });
  const { pool } = database;
  const together = shareTransactions(pool, { itemsMax: 64, runningMax: 2 });
  const confirmed = new Map<string, () => void>();
  const relay = startOutboxRelay({
    pool,
    rabbit: { publish: async ({ messageId }) => confirmed.get(messageId)?.() },
    logger: silentLogger,
    metrics: createMetrics("part"),
  });
  const whenPublished = (id: string): Promise<void> =>
    new Promise((resolve) => confirmed.set(id, resolve));
  return {
    name: "a message of the outbox: leased by the relay from the table, sent by who wrote it",
    count: 1_000,
    inFlight: 64,
    ways: {
      before: async () => {
        const published = await together(async (transaction) =>
          whenPublishedOf(whenPublished, await appendOutbox(transaction, message)),
        );
        relay.wake();
        await published.promise;
      },
      after: async () => {
        const row = await together((transaction) => appendLeased(transaction, message));
        const published = whenPublished(row.id);
        relay.send([row]);
        await published;
      },
    },
    stop: async () => {
      await relay.stop();
      await database.drop();
    },
  };
};

/** Listens before the commit, since the relay may look at any moment; wrapped, or `await` would wait for it. */
const whenPublishedOf = (whenPublished: (id: string) => Promise<void>, id: string) => ({
  promise: whenPublished(id),
});
