import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { countViolations } from "../../src/data/count-violations.ts";
import { createLedgerStore } from "../../src/data/create-ledger-store.ts";
import { closePayment } from "../../src/domain/close-payment.ts";
import type { Dependencies } from "../../src/domain/dependencies.ts";
import { startPaymentProcessor } from "../../src/domain/payment-processor.ts";
import type { PaymentProvider } from "../../src/domain/payment-provider.ts";
import { processRefunds } from "../../src/domain/process-refunds.ts";
import { reconcileLedger } from "../../src/domain/reconcile-ledger.ts";
import { requestRefund } from "../../src/domain/request-refund.ts";
import { sendPayment } from "../../src/domain/send-payment.ts";
import { sweepPayments } from "../../src/domain/sweep-payments.ts";
import {
  chargesOf,
  LEASE_MS,
  LONG_SECONDS,
  paymentSteps,
  type PaymentSteps,
} from "../support/payment-steps.ts";
import { freePort } from "@jatra/testing/free-port.ts";
import { startSimulator, type SimulatorProcess } from "../support/simulator-process.ts";
import { eventsOf, letTimePass, testDependencies } from "../support/test-dependencies.ts";
import {
  agedLedger,
  keylessProvider,
  refusingProvider,
  simulatorProvider,
} from "../support/test-providers.ts";

describe("recovery of payments", function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let simulator: SimulatorProcess;
  let provider: PaymentProvider;
  let dependencies: Dependencies;
  let steps: PaymentSteps;

  before(async () => {
    // No payment-service listens: every webhook is lost, so each recovery stands alone.
    const [port, nowhere] = [await freePort(), await freePort()];
    simulator = await startSimulator({ port, paymentServiceUrl: `http://127.0.0.1:${nowhere}` });
    provider = simulatorProvider(simulator, 300);
  });
  after(() => simulator.stop());
  beforeEach(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
    dependencies = testDependencies(database, provider);
    steps = paymentSteps(dependencies);
  });
  afterEach(() => database.drop());

  it("finds a charge whose answer died with its process", async () => {
    const { paymentId } = await steps.record();
    const payment = await steps.leaseOne();
    await provider.charge(payment);
    assert.equal(await sweepPayments(dependencies), 0, "the lease still runs");
    await letTimePass(database, LONG_SECONDS);
    assert.equal(await sweepPayments(dependencies), 1);
    assert.equal(await steps.stateOf(paymentId), "CAPTURED");
    assert.deepEqual(await eventsOf(database, paymentId), ["payment.captured"]);
    assert.deepEqual(await chargesOf(simulator, paymentId), ["captured"]);
  });

  it("sends again what died before it reached the provider", async () => {
    const { paymentId } = await steps.record();
    await steps.leaseOne();
    await letTimePass(database, LONG_SECONDS);
    await sweepPayments(dependencies);
    assert.equal(await steps.stateOf(paymentId), "CAPTURED");
    assert.deepEqual(await chargesOf(simulator, paymentId), ["captured"]);
  });

  it("asks instead of failing after a timeout", async () => {
    const { paymentId } = await steps.record("timeout_after_charge");
    await sendPayment(dependencies, await steps.leaseOne());
    assert.equal(await steps.stateOf(paymentId), "CAPTURED");
    const { rows } = await database.pool.query(
      "SELECT number, outcome FROM attempts WHERE payment_id = $1",
      [paymentId],
    );
    assert.deepEqual(rows, [{ number: 1, outcome: "timeout" }]);
  });

  it("charges once when a call in flight is overtaken by its repetition", async () => {
    const { paymentId } = await steps.record("slow");
    await sendPayment(dependencies, await steps.leaseOne());
    assert.equal(await steps.stateOf(paymentId), "UNKNOWN");
    // Both calls reach the provider's books within the same seconds.
    await letTimePass(database, LONG_SECONDS);
    await sweepPayments({ ...dependencies, provider: simulatorProvider(simulator, 10_000) });
    assert.equal(await steps.stateOf(paymentId), "CAPTURED");
    assert.deepEqual(await chargesOf(simulator, paymentId), ["captured"]);
  });

  it("would charge twice without the provider's key (control), and the ledger shows it", async () => {
    const { paymentId } = await steps.record("slow");
    await sendPayment(
      { ...dependencies, provider: keylessProvider(simulator, 300) },
      await steps.leaseOne(),
    );
    await letTimePass(database, LONG_SECONDS);
    await sweepPayments({ ...dependencies, provider: keylessProvider(simulator, 10_000) });
    assert.deepEqual(await chargesOf(simulator, paymentId), ["captured", "captured"]);
    const ledger = createLedgerStore(database.pool);
    await reconcileLedger({ ...dependencies, provider: agedLedger(provider, paymentId) }, ledger);
    const { rows } = await database.pool.query("SELECT reference, kind FROM ledger_findings");
    assert.deepEqual(rows, [{ reference: paymentId, kind: "second_charge" }]);
    assert.deepEqual(await countViolations(database.pool), { I2: 1, I3: 0, I9: 0 });
    await database.pool.query("UPDATE ledger_findings SET resolved_at = now()");
    assert.deepEqual(await countViolations(database.pool), { I2: 0, I3: 0, I9: 0 });
  });

  it("gives up after its tries when the provider has no charge and none can be under way", async () => {
    const { paymentId } = await steps.record();
    const dead = { ...dependencies, provider: refusingProvider(provider) };
    await sendPayment(dead, await steps.leaseOne());
    for (let sweep = 0; sweep < 3; sweep += 1) {
      await letTimePass(database, LONG_SECONDS);
      await sweepPayments(dead);
    }
    assert.equal(await steps.stateOf(paymentId), "UNKNOWN", "1 + 3 tries are made");
    await letTimePass(database, LONG_SECONDS);
    await sweepPayments(dead);
    const payment = await dependencies.payments.find(paymentId);
    assert.deepEqual(
      [payment?.state, payment?.attempts, payment?.reason],
      ["FAILED", 4, "provider_unavailable"],
    );
    assert.deepEqual(await eventsOf(database, paymentId), ["payment.failed"]);
  });

  it("never fails a payment while the provider can't be asked", async () => {
    const { paymentId } = await steps.record();
    const dark = {
      ...dependencies,
      provider: {
        ...refusingProvider(provider),
        findCharge: async () => ({ kind: "unavailable", cause: "timeout" }) as const,
      },
    };
    await sendPayment(dark, await steps.leaseOne());
    const { state } = await closePayment(dark, paymentId);
    assert.equal(state, "PENDING");
    for (let sweep = 0; sweep < 5; sweep += 1) {
      await letTimePass(database, LONG_SECONDS);
      await sweepPayments(dark);
    }
    assert.equal(await steps.stateOf(paymentId), "UNKNOWN");
  });

  it("captures late what had failed, and tells booking", async () => {
    const { paymentId } = await steps.record();
    const payment = await steps.leaseOne();
    await dependencies.payments.requestClose(paymentId);
    await letTimePass(database, LONG_SECONDS);
    assert.equal((await closePayment(dependencies, paymentId)).state, "FAILED");
    // The request that everybody had given up on arrives at the provider after all.
    await provider.charge(payment);
    const ledger = createLedgerStore(database.pool);
    assert.equal(
      await reconcileLedger({ ...dependencies, provider: agedLedger(provider, paymentId) }, ledger),
      1,
    );
    assert.equal(await steps.stateOf(paymentId), "CAPTURED");
    assert.deepEqual(await eventsOf(database, paymentId), ["payment.failed", "payment.captured"]);
  });

  it("refunds once when the process dies after the provider paid it back", async () => {
    const { paymentId, bookingId } = await steps.record();
    await sendPayment(dependencies, await steps.leaseOne());
    const refundId = randomUUID();
    const request = { paymentId, bookingId, amount: 1_000, currency: "BDT" } as const;
    await requestRefund(dependencies, refundId, request, "request-2");
    const [refund] = await dependencies.refunds.lease(1, LEASE_MS);
    assert.ok(refund);
    await provider.refund(refund);
    assert.equal(await processRefunds(dependencies), 0, "the lease still runs");
    await letTimePass(database, LONG_SECONDS);
    assert.equal(await processRefunds(dependencies), 1);
    assert.equal((await dependencies.refunds.find(refundId))?.state, "DONE");
    const lines = (await simulator.ledger()).filter((line) => line.reference === refundId);
    assert.deepEqual(
      lines.map((line) => line.status),
      ["done"],
    );
    assert.deepEqual(await eventsOf(database, paymentId), ["payment.captured", "payment.refunded"]);
  });

  it("finishes what is under way when it is told to stop, and takes up nothing new", async () => {
    const { paymentId } = await steps.record("slow");
    const processor = startPaymentProcessor({
      ...dependencies,
      provider: simulatorProvider(simulator, 10_000),
    });
    processor.wake();
    await eventually(async () => (await steps.stateOf(paymentId)) === "SENT");
    const late = await steps.record();
    await processor.stop();
    assert.equal(await steps.stateOf(paymentId), "CAPTURED");
    assert.equal(await steps.stateOf(late.paymentId), "NEW");
  });

  it("leases each payment to one of many processors", async () => {
    await Promise.all(Array.from({ length: 100 }, () => steps.record()));
    const leases = await Promise.all(
      Array.from({ length: 10 }, () => dependencies.payments.leaseNew(20, LEASE_MS)),
    );
    const ids = leases.flat().map((payment) => payment.paymentId);
    assert.deepEqual([ids.length, new Set(ids).size], [100, 100]);
  });
});
