import assert from "node:assert/strict";
import { missing, type BrokerState } from "../../../src/desired/rabbitmq/missing.ts";
import { topology } from "../../../src/desired/rabbitmq/topology.ts";

const wanted = topology();
const complete: BrokerState = {
  exchanges: wanted.exchanges,
  queues: wanted.queues.map(({ name }) => ({ name, type: "quorum" })),
  bindings: wanted.bindings,
  policies: wanted.policies,
};

describe("the broker's topology", () => {
  it("has a dead-letter queue, its binding and a policy for each consumed queue", () => {
    const consumed = wanted.policies.filter(
      ({ definition }) => definition["dead-letter-exchange"] === "dead-letter.exchange",
    );
    assert.equal(consumed.length, 11);
    for (const { definition } of consumed) {
      const queue = String(definition["dead-letter-routing-key"]);
      const dead = queue.replace(/\.queue$/, ".dead-letter.queue");
      assert.ok(wanted.queues.some(({ name }) => name === dead));
      assert.ok(
        wanted.bindings.some(
          (binding) =>
            binding.exchange === "dead-letter.exchange" &&
            binding.queue === dead &&
            binding.routingKey === queue,
        ),
      );
    }
  });

  it("matches each queue with one policy, or the broker would pick one by chance", () => {
    for (const { name } of wanted.queues) {
      const matching = wanted.policies.filter(({ pattern }) => new RegExp(pattern).test(name));
      assert.equal(matching.length, 1, name);
    }
  });

  it("brings retried payments back to the worker after their time", () => {
    const retries = wanted.policies.filter(({ definition }) => "message-ttl" in definition);
    assert.deepEqual(
      retries.map(({ definition }) => [
        definition["message-ttl"],
        definition["dead-letter-exchange"],
        definition["dead-letter-routing-key"],
      ]),
      [5000, 15_000, 45_000].map((ttl) => [ttl, "booking.exchange", "payment.process"]),
    );
  });
});

describe("missing", () => {
  it("finds nothing on a complete broker", () => {
    const none = { exchanges: [], queues: [], bindings: [], policies: [], problems: [] };
    assert.deepEqual(missing(wanted, complete), none);
  });

  it("finds everything on an empty one", () => {
    const empty = { exchanges: [], queues: [], bindings: [], policies: [] };
    assert.deepEqual(missing(wanted, empty), { ...wanted, problems: [] });
  });

  it("finds a queue that was deleted, with its bindings", () => {
    const [lost] = wanted.queues;
    const state = {
      ...complete,
      queues: complete.queues.filter(({ name }) => name !== lost?.name),
      bindings: complete.bindings.filter(({ queue }) => queue !== lost?.name),
    };
    const found = missing(wanted, state);
    assert.deepEqual(found.queues, [lost]);
    assert.deepEqual(
      found.bindings.map(({ queue }) => queue),
      [lost?.name],
    );
  });

  it("finds a policy that was changed by hand", () => {
    const [first, ...rest] = wanted.policies;
    const name = first?.name ?? "";
    const changed = { name, pattern: "^x$", applyTo: "queues", definition: {} };
    const found = missing(wanted, { ...complete, policies: [changed, ...rest] });
    assert.deepEqual(found.policies, [first]);
  });

  it("reports a queue of the wrong type and doesn't touch it", () => {
    const queues = complete.queues.map((queue) =>
      queue.name === "payment.processing.queue" ? { ...queue, type: "classic" } : queue,
    );
    const found = missing(wanted, { ...complete, queues });
    assert.deepEqual(found.queues, []);
    assert.match(found.problems[0] ?? "", /^Queue payment.processing.queue is of type classic/);
  });
});
