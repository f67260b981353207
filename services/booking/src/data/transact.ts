import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { shareTransactions } from "@jatra/common/database/share-transactions.ts";
import { appendOutbox } from "@jatra/common/outbox/append-outbox.ts";
import { recordInbox } from "@jatra/common/outbox/record-inbox.ts";
import type { BatchLimits } from "@jatra/common/service/create-batches.ts";
import type pg from "pg";
import type { Stores, Transact } from "../domain/stores.ts";
import { createBookingStore } from "./booking-store.ts";
import { createRefundStore } from "./refund-store.ts";

const EXCHANGE = "booking.exchange";

/** Background work that a commit has given something to do: waking it saves its next poll. */
export type Work = "outbox" | "refunds" | "overdue payments";

/** Transactions over booking_db with every store bound to them; `wake` is called after the commit. */
export const createTransact = (pool: pg.Pool, wake: (work: Work) => void): Transact =>
  transactIn((work) => inTransaction(pool, work), wake);

/** For what comes by the hundred a second: works that come at the same time share a transaction (see `shareTransactions`). */
export const createSharedTransact = (
  pool: pg.Pool,
  limits: BatchLimits,
  wake: (work: Work) => void,
): Transact => transactIn(shareTransactions(pool, limits), wake);

const transactIn =
  (
    run: <T>(work: (transaction: Queryable) => Promise<T>) => Promise<T>,
    wake: (work: Work) => void,
  ): Transact =>
  async (work) => {
    const given = new Set<Work>();
    const result = await run((transaction) =>
      work(createStores(transaction, (kind) => given.add(kind))),
    );
    for (const kind of given) wake(kind);
    return result;
  };

const createStores = (transaction: Queryable, give: (work: Work) => void): Stores => {
  const publish = async (message: {
    readonly routingKey: string;
    readonly content: { readonly bookingId: string };
    readonly requestId: string;
  }): Promise<void> => {
    const aggregateId = message.content.bookingId;
    await appendOutbox(transaction, { exchange: EXCHANGE, aggregateId, ...message });
    give("outbox");
  };
  const bookings = createBookingStore(transaction);
  const refunds = createRefundStore(transaction);
  return {
    bookings: {
      ...bookings,
      requestCancel: async (bookingId) => {
        await bookings.requestCancel(bookingId);
        give("overdue payments");
      },
    },
    refunds: {
      ...refunds,
      request: async (refund, captured) => {
        await refunds.request(refund, captured);
        give("refunds");
      },
    },
    publishEvent: (event, requestId) =>
      publish({ routingKey: event.type, content: event, requestId }),
    publishPayment: (content, requestId) =>
      publish({ routingKey: "payment.process", content, requestId }),
    recordMessage: (queue, messageId) => recordInbox(transaction, { queue, messageId }),
    complete: async (run, reply) => run?.complete(transaction, reply),
    now: async () => {
      const { rows } = await transaction.query<{ now: Date }>("SELECT now() AS now");
      const now = rows[0]?.now;
      if (!now) throw new Error("the database told no time");
      return now;
    },
  };
};
