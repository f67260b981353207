import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { PaymentDetails } from "@jatra/contracts/messages/payment-process.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { createLedgerStore } from "../../src/data/create-ledger-store.ts";
import { closePayment } from "../../src/domain/close-payment.ts";
import type { Dependencies } from "../../src/domain/dependencies.ts";
import type { PaymentProvider } from "../../src/domain/payment-provider.ts";
import { startPaymentProcessor } from "../../src/domain/payment-processor.ts";
import { processRefunds } from "../../src/domain/process-refunds.ts";
import { reconcileLedger } from "../../src/domain/reconcile-ledger.ts";
import { requestRefund } from "../../src/domain/request-refund.ts";
import { sendPayment } from "../../src/domain/send-payment.ts";
import { sweepDeadlines, sweepPayments } from "../../src/domain/sweep-payments.ts";
import { createSimulatorProvider } from "../../src/providers/simulator/create-simulator-provider.ts";
import { newIntent } from "../support/payment-world.ts";
import {
  freePort,
  providerKey,
  startSimulator,
  webhookSecret,
  type SimulatorProcess,
} from "../support/simulator-process.ts";
import { eventsOf, letTimePass, testDependencies } from "../support/test-dependencies.ts";

const LEASE_MS = 15_000;
/** Longer than leases and any request in flight. */
const LONG_SECONDS = 60;

describe("recovery of payments", function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let simulator: SimulatorProcess;
  let provider: PaymentProvider;
  let dependencies: Dependencies;

  before(async () => {
    // No payment-service listens: every webhook is lost, so each recovery stands alone.
    const [port, nowhere] = [await freePort(), await freePort()];
    simulator = await startSimulator({ port, paymentServiceUrl: `http://127.0.0.1:${nowhere}` });
    provider = createSimulatorProvider({
      baseUrl: simulator.url,
      apiKey: providerKey,
      webhookSecret,
      chargeTimeoutMs: 300,
    });
  });
  after(() => simulator.stop());
  beforeEach(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
    dependencies = testDependencies(database, provider);
  });
  afterEach(() => database.drop());

  const record = async (simulate?: PaymentDetails["simulate"], deadlineAt?: string) => {
    const paymentId = randomUUID();
    const intent = newIntent(simulate, deadlineAt === undefined ? {} : { deadlineAt });
    await dependencies.payments.insertIntent(paymentId, intent, "request-1");
    return { paymentId, bookingId: intent.bookingId };
  };

  const leaseOne = async () => {
    const [payment] = await dependencies.payments.leaseNew(1, LEASE_MS);
    assert.ok(payment);
    return payment;
  };

  const stateOf = async (paymentId: string) => (await dependencies.payments.find(paymentId))?.state;

  const chargesOf = async (paymentId: string): Promise<string[]> => {
    const lines = await simulator.ledger();
    return lines
      .filter((line) => line.kind === "charge" && line.reference === paymentId)
      .map((line) => line.status);
  };

  it("finds a charge whose answer died with its process", async () => {
    const { paymentId } = await record();
    const payment = await leaseOne();
    await provider.charge(payment);
    assert.equal(await sweepPayments(dependencies), 0, "the lease still runs");
    await letTimePass(database, LONG_SECONDS);
    assert.equal(await sweepPayments(dependencies), 1);
    assert.equal(await stateOf(paymentId), "CAPTURED");
    assert.deepEqual(await eventsOf(database, paymentId), ["payment.captured"]);
    assert.deepEqual(await chargesOf(paymentId), ["captured"]);
  });

  it("sends again what died before it reached the provider", async () => {
    const { paymentId } = await record();
    await leaseOne();
    await letTimePass(database, LONG_SECONDS);
    await sweepPayments(dependencies);
    assert.equal(await stateOf(paymentId), "CAPTURED");
    assert.deepEqual(await chargesOf(paymentId), ["captured"]);
  });

  it("asks instead of failing after a timeout", async () => {
    const { paymentId } = await record("timeout_after_charge");
    await sendPayment(dependencies, await leaseOne());
    assert.equal(await stateOf(paymentId), "CAPTURED");
    const { rows } = await database.pool.query(
      "SELECT number, outcome FROM attempts WHERE payment_id = $1",
      [paymentId],
    );
    assert.deepEqual(rows, [{ number: 1, outcome: "timeout" }]);
  });

  it("charges once when a call in flight is overtaken by its repetition", async () => {
    const { paymentId } = await record("slow");
    await sendPayment(dependencies, await leaseOne());
    assert.equal(await stateOf(paymentId), "UNKNOWN");
    // Both calls reach the provider's books within the same seconds.
    await letTimePass(database, LONG_SECONDS);
    await sweepPayments({ ...dependencies, provider: patient() });
    assert.equal(await stateOf(paymentId), "CAPTURED");
    assert.deepEqual(await chargesOf(paymentId), ["captured"]);
  });

  it("would charge twice without the provider's key (control), and the ledger shows it", async () => {
    const { paymentId } = await record("slow");
    await sendPayment({ ...dependencies, provider: keyless(300) }, await leaseOne());
    await letTimePass(database, LONG_SECONDS);
    await sweepPayments({ ...dependencies, provider: keyless(10_000) });
    assert.deepEqual(await chargesOf(paymentId), ["captured", "captured"]);
    const ledger = createLedgerStore(database.pool);
    await reconcileLedger({ ...dependencies, provider: aged(paymentId) }, ledger);
    const { rows } = await database.pool.query("SELECT reference, kind FROM ledger_findings");
    assert.deepEqual(rows, [{ reference: paymentId, kind: "second_charge" }]);
  });

  it("gives up after its tries when the provider has no charge and none can be under way", async () => {
    const { paymentId } = await record();
    const dead = { ...dependencies, provider: refusing() };
    await sendPayment(dead, await leaseOne());
    for (let sweep = 0; sweep < 3; sweep += 1) {
      await letTimePass(database, LONG_SECONDS);
      await sweepPayments(dead);
    }
    assert.equal(await stateOf(paymentId), "UNKNOWN", "1 + 3 tries are made");
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
    const { paymentId } = await record();
    const dark = {
      ...dependencies,
      provider: { ...refusing(), findCharge: async () => unavailable },
    };
    await sendPayment(dark, await leaseOne());
    const { state } = await closePayment(dark, paymentId);
    assert.equal(state, "PENDING");
    for (let sweep = 0; sweep < 5; sweep += 1) {
      await letTimePass(database, LONG_SECONDS);
      await sweepPayments(dark);
    }
    assert.equal(await stateOf(paymentId), "UNKNOWN");
  });

  it("captures late what had failed, and tells booking", async () => {
    const { paymentId } = await record();
    const payment = await leaseOne();
    await dependencies.payments.requestClose(paymentId);
    await letTimePass(database, LONG_SECONDS);
    assert.equal((await closePayment(dependencies, paymentId)).state, "FAILED");
    // The request that everybody had given up on arrives at the provider after all.
    await provider.charge(payment);
    const ledger = createLedgerStore(database.pool);
    assert.equal(await reconcileLedger({ ...dependencies, provider: aged(paymentId) }, ledger), 1);
    assert.equal(await stateOf(paymentId), "CAPTURED");
    assert.deepEqual(await eventsOf(database, paymentId), ["payment.failed", "payment.captured"]);
  });

  describe("closing", () => {
    it("stops an unsent payment for good", async () => {
      const { paymentId } = await record();
      const closed = await closePayment(dependencies, paymentId);
      assert.deepEqual(closed, { paymentId, state: "FAILED", attempts: 0, reason: "closed" });
      assert.deepEqual(await dependencies.payments.leaseNew(10, LEASE_MS), []);
      assert.deepEqual(await eventsOf(database, paymentId), ["payment.failed"]);
      assert.deepEqual(await closePayment(dependencies, paymentId), closed);
    });

    it("leaves a tombstone for an unknown id, so that a late intent is refused", async () => {
      const paymentId = randomUUID();
      const { state } = await closePayment(dependencies, paymentId);
      assert.equal(state, "FAILED");
      const intent = newIntent();
      assert.equal(await dependencies.payments.insertIntent(paymentId, intent, "late"), false);
      assert.equal(await dependencies.payments.isTombstone(paymentId), true);
    });

    it("answers CAPTURED where the provider has charged", async () => {
      const { paymentId } = await record();
      await provider.charge(await leaseOne());
      assert.equal((await closePayment(dependencies, paymentId)).state, "CAPTURED");
    });

    it("is PENDING while a request may be under way, FAILED once it can't", async () => {
      const { paymentId } = await record();
      await leaseOne();
      assert.equal((await closePayment(dependencies, paymentId)).state, "PENDING");
      await letTimePass(database, LONG_SECONDS);
      assert.equal((await closePayment(dependencies, paymentId)).state, "FAILED");
      assert.deepEqual(await chargesOf(paymentId), []);
    });

    it("never keeps money of a payment it called failed, in any interleaving with the charge", async () => {
      const recorded = await Promise.all(Array.from({ length: 40 }, () => record()));
      const processor = startPaymentProcessor(dependencies);
      await Promise.all([
        ...recorded.map(({ paymentId }) => closePayment(dependencies, paymentId)),
        ...recorded.map(() => processor.runOnce()),
      ]);
      await processor.stop();
      await letTimePass(database, LONG_SECONDS);
      await sweepPayments(dependencies);
      for (const { paymentId } of recorded) {
        const state = await stateOf(paymentId);
        const charges = await chargesOf(paymentId);
        const expected = state === "CAPTURED" ? ["captured"] : [];
        assert.deepEqual(charges, expected, `${paymentId} is ${state}`);
        assert.equal((await eventsOf(database, paymentId)).length, 1);
      }
    });
  });

  it("closes what is unsent at its deadline", async () => {
    const { paymentId } = await record(undefined, new Date(Date.now() - 1_000).toISOString());
    assert.deepEqual(await dependencies.payments.leaseNew(10, LEASE_MS), []);
    assert.equal(await sweepDeadlines(dependencies), 1);
    assert.equal(await stateOf(paymentId), "CLOSED");
    assert.deepEqual(await eventsOf(database, paymentId), ["payment.failed"]);
  });

  it("ends a payment whose charge has another amount as failed, never as captured", async () => {
    const { paymentId } = await record();
    const payment = await leaseOne();
    await provider.charge({ ...payment, amount: 1 });
    await letTimePass(database, LONG_SECONDS);
    await sweepPayments(dependencies);
    assert.equal(await stateOf(paymentId), "SENT");
    const { state, reason } = await closePayment(dependencies, paymentId);
    assert.deepEqual([state, reason], ["FAILED", "amount_mismatch"]);
  });

  it("refunds once when the process dies after the provider paid it back", async () => {
    const { paymentId, bookingId } = await record();
    await sendPayment(dependencies, await leaseOne());
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
    const { paymentId } = await record("slow");
    const processor = startPaymentProcessor({ ...dependencies, provider: patient() });
    processor.wake();
    await eventually(async () => (await stateOf(paymentId)) === "SENT");
    const late = await record();
    await processor.stop();
    assert.equal(await stateOf(paymentId), "CAPTURED");
    assert.equal(await stateOf(late.paymentId), "NEW");
  });

  it("leases each payment to one of many processors", async () => {
    await Promise.all(Array.from({ length: 100 }, () => record()));
    const leases = await Promise.all(
      Array.from({ length: 10 }, () => dependencies.payments.leaseNew(20, LEASE_MS)),
    );
    const ids = leases.flat().map((payment) => payment.paymentId);
    assert.deepEqual([ids.length, new Set(ids).size], [100, 100]);
  });

  const unavailable = { kind: "unavailable", cause: "timeout" } as const;

  const patient = (): PaymentProvider =>
    createSimulatorProvider({
      baseUrl: simulator.url,
      apiKey: providerKey,
      webhookSecret,
      chargeTimeoutMs: 10_000,
    });

  const refusing = (): PaymentProvider => ({
    ...provider,
    charge: async () => ({ kind: "unknown", cause: "status_503" }),
  });

  /** The guard taken away: each try is a request of its own to the provider. */
  const keyless = (timeoutMs: number): PaymentProvider => ({
    ...provider,
    charge: async (request) => {
      const called = simulator.call("POST", "/v1/charges", {
        reference: request.paymentId,
        amount: request.amount,
        currency: request.currency,
        method: request.method,
        simulate: request.details?.simulate,
      });
      const timer = Promise.withResolvers<undefined>();
      const timeout = setTimeout(() => timer.resolve(undefined), timeoutMs);
      const answer = await Promise.race([called, timer.promise]);
      clearTimeout(timeout);
      if (!answer) return { kind: "unknown", cause: "timeout" };
      const { chargeId } = (await answer.json()) as { chargeId: string };
      return {
        kind: "settled",
        evidence: {
          paymentId: request.paymentId,
          outcome: "captured",
          amount: request.amount,
          currency: request.currency,
          providerReference: chargeId,
        },
      };
    },
  });

  /** The ledger as it looks a minute later; other tests' payments are in other databases and left out. */
  const aged = (paymentId: string): PaymentProvider => ({
    ...provider,
    listLedger: async (after) => {
      const lines = (await provider.listLedger?.(after)) ?? [];
      return lines
        .filter((line) => line.reference === paymentId)
        .map((line) => ({ ...line, at: new Date(line.at.getTime() - 60_000) }));
    },
  });
});
