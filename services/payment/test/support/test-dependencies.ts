import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import type { TestDatabase } from "@jatra/testing/test-database.ts";
import { createLedgerStore } from "../../src/data/create-ledger-store.ts";
import { createPaymentStore } from "../../src/data/create-payment-store.ts";
import { createRefundStore } from "../../src/data/create-refund-store.ts";
import type { Dependencies } from "../../src/domain/dependencies.ts";
import type { Transact } from "../../src/domain/transact.ts";
import type { PaymentProvider } from "../../src/domain/payment-provider.ts";
import { createSettlementWriter } from "../../src/domain/settlement-writer.ts";
import { paymentMetrics } from "../../src/payment-metrics.ts";

/** The domain on a database of its own, without any background work: the test takes each step itself. */
export const testDependencies = (
  { pool }: TestDatabase,
  provider: PaymentProvider,
): Dependencies => {
  const payments = createPaymentStore(pool);
  const transact: Transact = (work) => inTransaction(pool, work);
  return {
    transact,
    payments,
    writeSettlement: createSettlementWriter({ transact, payments, send: () => undefined }),
    refunds: createRefundStore(pool),
    findings: createLedgerStore(pool),
    provider,
    wakeOutbox: () => undefined,
    retriesMax: 3,
    metrics: paymentMetrics(createMetrics("payment-service")),
    logger: silentLogger,
  };
};

/** Types of the events that were written for a payment, in order. */
export const eventsOf = async ({ pool }: TestDatabase, paymentId: string): Promise<string[]> => {
  const { rows } = await pool.query<{ routing_key: string }>(
    "SELECT routing_key FROM outbox WHERE content->>'paymentId' = $1 ORDER BY id",
    [paymentId],
  );
  return rows.map((row) => row.routing_key);
};

/** Time passes: leases run out, calls in flight count as lost, pauses are over. */
export const letTimePass = async ({ pool }: TestDatabase, seconds: number): Promise<void> => {
  await pool.query(
    `UPDATE payments SET due_at = due_at - make_interval(secs => $1),
            sent_at = sent_at - make_interval(secs => $1)`,
    [seconds],
  );
  await pool.query("UPDATE refunds SET due_at = due_at - make_interval(secs => $1)", [seconds]);
};
