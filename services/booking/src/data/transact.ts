import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { shareTransactions } from "@jatra/common/database/share-transactions.ts";
import { appendLeased } from "@jatra/common/outbox/append-outbox.ts";
import type { PendingMessage } from "@jatra/common/outbox/outbox-store.ts";
import { recordInbox } from "@jatra/common/outbox/record-inbox.ts";
import type { BatchLimits } from "@jatra/common/service/create-batches.ts";
import type pg from "pg";
import type { Stores, Transact } from "../domain/stores.ts";
import { createBookingStore } from "./booking-store.ts";
import { createRefundStore } from "./refund-store.ts";

const EXCHANGE = "booking.exchange";

/** Background work that a commit has given something to do: waking it saves its next poll. */
export type Work = "refunds" | "overdue payments";

/** What a commit leaves to be done. */
export type Afterwards = {
  readonly wake: (work: Work) => void;
  /** Publishes the messages that were written. */
  readonly send: (messages: readonly PendingMessage[]) => void;
};

/** Transactions over booking_db with every store bound to them; `afterwards` is told after the commit. */
export const createTransact = (pool: pg.Pool, afterwards: Afterwards): Transact =>
  transactIn((work) => inTransaction(pool, work), afterwards);

/** For what comes by the hundred a second: works that come at the same time share a transaction (see `shareTransactions`). */
export const createSharedTransact = (
  pool: pg.Pool,
  limits: BatchLimits,
  afterwards: Afterwards,
): Transact => transactIn(shareTransactions(pool, limits), afterwards);

type Given = { readonly works: Set<Work>; readonly messages: PendingMessage[] };

const transactIn =
  (
    run: <T>(work: (transaction: Queryable) => Promise<T>) => Promise<T>,
    afterwards: Afterwards,
  ): Transact =>
  async (work) => {
    // Of this run alone: what was taken back and done again has written other messages.
    const { result, given } = await run(async (transaction) => {
      const given: Given = { works: new Set(), messages: [] };
      return { result: await work(createStores(transaction, given)), given };
    });
    afterwards.send(given.messages);
    for (const kind of given.works) afterwards.wake(kind);
    return result;
  };

const createStores = (transaction: Queryable, given: Given): Stores => {
  const publish = async (message: {
    readonly routingKey: string;
    readonly content: { readonly bookingId: string };
    readonly requestId: string;
  }): Promise<void> => {
    const aggregateId = message.content.bookingId;
    const written = { exchange: EXCHANGE, aggregateId, ...message };
    given.messages.push(await appendLeased(transaction, written));
  };
  const bookings = createBookingStore(transaction);
  const refunds = createRefundStore(transaction);
  return {
    bookings: {
      ...bookings,
      requestCancel: async (bookingId) => {
        await bookings.requestCancel(bookingId);
        given.works.add("overdue payments");
      },
    },
    refunds: {
      ...refunds,
      request: async (refund, captured) => {
        await refunds.request(refund, captured);
        given.works.add("refunds");
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
