import { appendLeasedBatch } from "@jatra/common/outbox/append-outbox-batch.ts";
import type { PendingMessage } from "@jatra/common/outbox/outbox-store.ts";
import type { Transact } from "./transact.ts";
import type { Payment } from "./payment.ts";
import { paymentEventMessage } from "./payment-event.ts";
import type { PaymentStore, Settlement } from "./payment-store.ts";

/**
 * Writes a payment's end and its event, together or not at all, by compare-and-set: the payment as it is afterwards, or `undefined` where
 * its state had gone on.
 */
export type WriteSettlement = (settlement: Settlement) => Promise<Payment | undefined>;

type Waiting = {
  readonly settlement: Settlement;
  readonly resolve: (payment: Payment | undefined) => void;
  readonly reject: (error: unknown) => void;
};

/** More would only make everybody wait for the slowest row's lock. */
const BATCH_MAX = 100;

/**
 * Settlements that come while a transaction commits share the next one: a single one waits for nobody, and at hundreds a second the
 * round trips of a transaction (four) are paid once for many.
 */
export const createSettlementWriter = (needs: {
  readonly transact: Transact;
  readonly payments: Pick<PaymentStore, "settle">;
  /** Publishes the events, after the commit. */
  readonly send: (messages: readonly PendingMessage[]) => void;
}): WriteSettlement => {
  let waiting: Waiting[] = [];
  let writing = false;

  const writeNext = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const { batch, rest } = takeBatch(waiting);
      waiting = rest;
      await writeBatch(needs, batch);
    }
    writing = false;
  };

  return (settlement) =>
    new Promise((resolve, reject) => {
      waiting.push({ settlement, resolve, reject });
      if (!writing) void writeNext();
    });
};

/** A payment is at most once in a batch: of two ends for one payment the later must see what the earlier wrote. */
const takeBatch = (waiting: readonly Waiting[]): { batch: Waiting[]; rest: Waiting[] } => {
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  const taken = new Set<string>();
  for (const one of waiting) {
    const { paymentId } = one.settlement;
    const fits = batch.length < BATCH_MAX && !taken.has(paymentId);
    (fits ? batch : rest).push(one);
    if (fits) taken.add(paymentId);
  }
  return { batch, rest };
};

/** Never throws: everybody who waits gets a result or the error. */
const writeBatch = async (
  needs: Parameters<typeof createSettlementWriter>[0],
  batch: readonly Waiting[],
): Promise<void> => {
  try {
    const { settled, messages } = await needs.transact(async (tx) => {
      const payments = await needs.payments.settle(
        tx,
        batch.map(({ settlement }) => settlement),
      );
      return {
        messages: await appendLeasedBatch(tx, payments.map(paymentEventMessage)),
        settled: new Map(payments.map((payment) => [payment.paymentId, payment])),
      };
    });
    needs.send(messages);
    for (const { settlement, resolve } of batch) resolve(settled.get(settlement.paymentId));
  } catch (error) {
    if (batch.length === 1) {
      batch[0]?.reject(error);
      return;
    }
    // One of them may be what can't be written: alone, only that one fails.
    for (const one of batch) await writeBatch(needs, [one]);
  }
};
