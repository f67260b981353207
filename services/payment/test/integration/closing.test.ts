import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { closePayment } from "../../src/domain/close-payment.ts";
import type { Dependencies } from "../../src/domain/dependencies.ts";
import { startPaymentProcessor } from "../../src/domain/payment-processor.ts";
import type { PaymentProvider } from "../../src/domain/payment-provider.ts";
import { sweepDeadlines, sweepPayments } from "../../src/domain/sweep-payments.ts";
import { newIntent } from "../support/payment-world.ts";
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
import { simulatorProvider } from "../support/test-providers.ts";

describe("closing a payment", function () {
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

  it("stops an unsent payment for good", async () => {
    const { paymentId } = await steps.record();
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
    const { paymentId } = await steps.record();
    await provider.charge(await steps.leaseOne());
    assert.equal((await closePayment(dependencies, paymentId)).state, "CAPTURED");
  });

  it("is PENDING while a request may be under way, FAILED once it can't", async () => {
    const { paymentId } = await steps.record();
    await steps.leaseOne();
    assert.equal((await closePayment(dependencies, paymentId)).state, "PENDING");
    await letTimePass(database, LONG_SECONDS);
    assert.equal((await closePayment(dependencies, paymentId)).state, "FAILED");
    assert.deepEqual(await chargesOf(simulator, paymentId), []);
  });

  it("never keeps money of a payment it called failed, in any interleaving with the charge", async () => {
    const recorded = await Promise.all(Array.from({ length: 40 }, () => steps.record()));
    const processor = startPaymentProcessor(dependencies);
    await Promise.all([
      ...recorded.map(({ paymentId }) => closePayment(dependencies, paymentId)),
      ...recorded.map(() => processor.runOnce()),
    ]);
    await processor.stop();
    await letTimePass(database, LONG_SECONDS);
    await sweepPayments(dependencies);
    for (const { paymentId } of recorded) {
      const state = await steps.stateOf(paymentId);
      const charges = await chargesOf(simulator, paymentId);
      const expected = state === "CAPTURED" ? ["captured"] : [];
      assert.deepEqual(charges, expected, `${paymentId} is ${state}`);
      assert.equal((await eventsOf(database, paymentId)).length, 1);
    }
  });

  it("closes what is unsent at its deadline", async () => {
    const { paymentId } = await steps.record(undefined, new Date(Date.now() - 1_000).toISOString());
    assert.deepEqual(await dependencies.payments.leaseNew(10, LEASE_MS), []);
    assert.equal(await sweepDeadlines(dependencies), 1);
    assert.equal(await steps.stateOf(paymentId), "CLOSED");
    assert.deepEqual(await eventsOf(database, paymentId), ["payment.failed"]);
  });

  it("ends a payment whose charge has another amount as failed, never as captured", async () => {
    const { paymentId } = await steps.record();
    const payment = await steps.leaseOne();
    await provider.charge({ ...payment, amount: 1 });
    await letTimePass(database, LONG_SECONDS);
    await sweepPayments(dependencies);
    assert.equal(await steps.stateOf(paymentId), "SENT");
    const { state, reason } = await closePayment(dependencies, paymentId);
    assert.deepEqual([state, reason], ["FAILED", "amount_mismatch"]);
  });
});
