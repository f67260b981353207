import assert from "node:assert/strict";
import { deadLetterQueueOf, exchanges, paymentRetryQueues, queues } from "../../src/topology.ts";

describe("the broker's topology as the services rely on it", () => {
  it("binds every queue to an exchange that exists, by at least one key", () => {
    for (const { exchange, routingKeys } of Object.values(queues)) {
      assert.ok(exchanges.includes(exchange));
      assert.ok(routingKeys.length > 0);
    }
  });

  it("names a dead-letter queue beside each queue", () => {
    assert.equal(
      deadLetterQueueOf("payment.processing.queue"),
      "payment.processing.dead-letter.queue",
    );
  });

  it("lets payment deliveries wait longer each time", () => {
    const delays = paymentRetryQueues.map((queue) => queue.delayMs);
    assert.deepEqual(
      delays,
      [...delays].sort((a, b) => a - b),
    );
    assert.equal(delays.length, 3); // 1 + 3 attempts
  });
});
