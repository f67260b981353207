import assert from "node:assert/strict";
import {
  deadLetterExchange,
  deadLetterQueueOf,
  exchanges,
  paymentRetryQueues,
  queues,
  type QueueName,
} from "@jatra/contracts/topology.ts";
import { topology } from "../../../operator/src/desired/rabbitmq/topology.ts";

const names = Object.keys(queues) as QueueName[];
const sorted = (list: readonly string[]): string[] => [...list].sort((a, b) => (a < b ? -1 : 1));

describe("the broker's topology: what services rely on and what the operator declares", () => {
  const declared = topology();

  it("has the same exchanges", () => {
    assert.deepEqual(
      sorted(declared.exchanges.map(({ name }) => name)),
      sorted([...exchanges, deadLetterExchange]),
    );
  });

  it("has the same queues, each with its dead-letter queue, and the waiting rooms", () => {
    const expected = [
      ...names,
      ...names.map(deadLetterQueueOf),
      ...paymentRetryQueues.map(({ name }) => name),
    ];
    assert.deepEqual(sorted(declared.queues.map(({ name }) => name)), sorted(expected));
  });

  it("has the same bindings", () => {
    const expected = names.flatMap((queue) => [
      ...queues[queue].routingKeys.map((key) => `${queues[queue].exchange} ${key} ${queue}`),
      `${deadLetterExchange} ${queue} ${deadLetterQueueOf(queue)}`,
    ]);
    const found = declared.bindings.map((b) => `${b.exchange} ${b.routingKey} ${b.queue}`);
    assert.deepEqual(sorted(found), sorted(expected));
  });

  it("lets retries wait as long as the contract says, then go back to the worker", () => {
    for (const { name, delayMs } of paymentRetryQueues) {
      const matching = declared.policies.filter((p) => new RegExp(p.pattern).test(name));
      const [policy] = matching;
      assert.equal(matching.length, 1, name);
      assert.equal(policy?.definition["message-ttl"], delayMs);
      assert.equal(policy?.definition["dead-letter-exchange"], "booking.exchange");
      assert.equal(policy?.definition["dead-letter-routing-key"], "payment.process");
    }
  });
});
