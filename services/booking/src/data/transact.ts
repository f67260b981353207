import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { appendOutbox } from "@jatra/common/outbox/append-outbox.ts";
import { recordInbox } from "@jatra/common/outbox/record-inbox.ts";
import type pg from "pg";
import type { Stores, Transact } from "../domain/stores.ts";
import { createBookingStore } from "./booking-store.ts";
import { createRefundStore } from "./refund-store.ts";

const EXCHANGE = "booking.exchange";

/**
 * Transactions over booking_db with every store bound to them. `onCommit` is called after each commit that appended to
 * the outbox, so that the relay needn't wait for its next poll.
 */
export const createTransact =
  (pool: pg.Pool, onCommit: () => void): Transact =>
  async (work) => {
    let appended = false;
    const result = await inTransaction(pool, (transaction) =>
      work(createStores(transaction, () => (appended = true))),
    );
    if (appended) onCommit();
    return result;
  };

const createStores = (transaction: Queryable, onAppend: () => void): Stores => {
  const publish = async (message: {
    readonly routingKey: string;
    readonly content: { readonly bookingId: string };
    readonly requestId: string;
  }): Promise<void> => {
    const aggregateId = message.content.bookingId;
    await appendOutbox(transaction, { exchange: EXCHANGE, aggregateId, ...message });
    onAppend();
  };
  return {
    bookings: createBookingStore(transaction),
    refunds: createRefundStore(transaction),
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
