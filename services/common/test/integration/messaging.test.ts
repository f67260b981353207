import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { connectRabbit, type RabbitConnection } from "@jatra/common/messaging/connection.ts";
import { PublishError } from "@jatra/common/messaging/publish-error.ts";
import { createMetrics, type Metrics } from "@jatra/common/metrics/metrics.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestProxy } from "@jatra/testing/test-proxy.ts";
import { createTestVhost, declareTopology, type TestVhost } from "@jatra/testing/test-vhost.ts";

describe("RabbitMQ connection", () => {
  const queue = "booking.ticket-events.queue";
  const deadLetters = "booking.ticket-events.dead-letter.queue";
  let vhost: TestVhost;
  let metrics: Metrics;
  let rabbit: RabbitConnection;

  before(async () => {
    vhost = await createTestVhost();
  });

  beforeEach(async () => {
    for (const name of [queue, deadLetters]) {
      await vhost.manage("DELETE", `/queues/{vhost}/${name}/contents`);
    }
    metrics = createMetrics("test");
    rabbit = connectRabbit({ url: vhost.url, logger: silentLogger, metrics });
    await eventually(() => rabbit.isReady());
  });

  afterEach(async () => rabbit.close());

  after(async () => vhost.drop());

  const message = (content: unknown, routingKey = "ticket.issued") => ({
    exchange: "ticket.exchange",
    routingKey,
    messageId: randomUUID(),
    type: routingKey,
    requestId: "request-1",
    content,
  });

  it("delivers what was published, once it is confirmed, with its id, type and request id", async () => {
    const received: unknown[] = [];
    rabbit.consume({
      queue,
      prefetch: 1,
      handle: async (incoming) => void received.push(incoming),
    });
    const outgoing = message({ bookingId: "b-1" });
    await rabbit.publish(outgoing);
    await eventually(() => received.length === 1);
    assert.deepEqual(received, [
      {
        id: outgoing.messageId,
        type: "ticket.issued",
        requestId: "request-1",
        content: { bookingId: "b-1" },
        redelivered: false,
      },
    ]);
  });

  it("rejects a publish that no queue takes", async () => {
    await assert.rejects(
      rabbit.publish(message({}, "ticket.unheard-of")),
      (error) => error instanceof PublishError && error.failure === "unroutable",
    );
  });

  it("rejects a publish to a missing exchange and publishes again afterwards", async () => {
    await assert.rejects(rabbit.publish({ ...message({}), exchange: "missing" }), PublishError);
    await eventually(async () => {
      await rabbit.publish(message({}));
      return true;
    });
  });

  it("tries a failing message again without giving it back, then dead-letters it", async () => {
    const deliveries: boolean[] = [];
    rabbit.consume({
      queue,
      prefetch: 1,
      handle: async ({ redelivered }) => {
        deliveries.push(redelivered);
        throw new Error("always");
      },
    });
    await rabbit.publish(message({}));
    await eventually(async () => (await depth(deadLetters)) === 1);
    assert.deepEqual(deliveries, [false, false, false, false]);
    assert.equal(await depth(queue), 0);
  });

  it("acknowledges a message whose second try went well", async () => {
    let tries = 0;
    rabbit.consume({
      queue,
      prefetch: 1,
      handle: async () => {
        tries += 1;
        if (tries === 1) throw new Error("once");
      },
    });
    await rabbit.publish(message({}));
    await eventually(async () => (await consumed("acked")) === 1);
    assert.equal(tries, 2);
    assert.equal(await depth(deadLetters), 0);
  });

  it("acknowledges what is through, never what is still being handled", async () => {
    const handled: unknown[] = [];
    const slow = Promise.withResolvers<void>();
    rabbit.consume({
      queue,
      prefetch: 10,
      handle: async ({ content, redelivered }) => {
        const isSlow = JSON.stringify(content) === '{"n":2}' && !redelivered;
        if (isSlow) await slow.promise;
        else handled.push(content);
      },
    });
    for (let n = 0; n < 6; n += 1) await rabbit.publish(message({ n }));
    await eventually(async () => (await consumed("acked")) === 5);
    // Answers leave a turn later than they are counted; one more message comes back only after that.
    await rabbit.publish(message({ n: 6 }));
    await eventually(async () => (await consumed("acked")) === 6);
    await cutConnections();
    await eventually(() => handled.length === 7);
    assert.deepEqual(
      handled,
      [0, 1, 3, 4, 5, 6, 2].map((n) => ({ n })),
    );
    slow.resolve();
  });

  it("dead-letters what is not JSON without asking the handler", async () => {
    let asked = 0;
    rabbit.consume({ queue, prefetch: 1, handle: async () => void (asked += 1) });
    await vhost.manage("POST", "/exchanges/{vhost}/ticket.exchange/publish", {
      routing_key: "ticket.issued",
      payload: "{broken",
      payload_encoding: "string",
      properties: { message_id: "m-1" },
    });
    await eventually(async () => (await depth(deadLetters)) === 1);
    assert.equal(asked, 0);
  });

  it("subscribes again when the broker cancels the consumer", async () => {
    const received: string[] = [];
    rabbit.consume({ queue, prefetch: 1, handle: async ({ id }) => void received.push(id) });
    await eventually(async () => (await consumers()) === 1);
    await vhost.manage("DELETE", `/queues/{vhost}/${queue}`);
    await eventually(async () => (await consumers()) === 0);
    await declareTopology({ vhost: vhost.name });
    await eventually(async () => (await consumers()) === 1);
    const outgoing = message({});
    await rabbit.publish(outgoing);
    await eventually(() => received.length === 1);
    assert.deepEqual(received, [outgoing.messageId]);
  });

  it("connects and consumes again after its connection was cut", async () => {
    const received: string[] = [];
    rabbit.consume({ queue, prefetch: 1, handle: async ({ id }) => void received.push(id) });
    await eventually(async () => (await consumers()) === 1);
    await cutConnections();
    await eventually(() => !rabbit.isReady());
    await eventually(async () => rabbit.isReady() && (await consumers()) === 1);
    const outgoing = message({});
    await rabbit.publish(outgoing);
    await eventually(() => received.includes(outgoing.messageId));
  });

  it("outlasts a broker that is away: publishes are refused, then everything works again", async () => {
    const proxy = await startTestProxy(vhost.url);
    const away = connectRabbit({ url: proxy.url, logger: silentLogger, metrics });
    const received: string[] = [];
    away.consume({ queue, prefetch: 1, handle: async ({ id }) => void received.push(id) });
    await eventually(() => away.isReady());
    await proxy.cut();
    await eventually(() => !away.isReady());
    await assert.rejects(
      away.publish(message({})),
      (error) => error instanceof PublishError && error.failure === "disconnected",
    );
    await proxy.restore();
    await eventually(async () => away.isReady() && (await consumers()) === 1);
    const outgoing = message({});
    await away.publish(outgoing);
    await eventually(() => received.includes(outgoing.messageId));
    await away.close();
    await proxy.close();
  });

  it("waits for a running handler before it closes, and its message is acknowledged", async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    rabbit.consume({
      queue,
      prefetch: 1,
      handle: async () => {
        begun.resolve();
        await finish.promise;
      },
    });
    await rabbit.publish(message({}));
    await begun.promise;
    const closing = rabbit.close();
    finish.resolve();
    await closing;
    assert.equal(await consumed("acked"), 1);
    assert.equal(await depth(queue), 0);
  });

  it("gives a message that waits for its next try back when the process stops", async () => {
    const tried = Promise.withResolvers<void>();
    rabbit.consume({
      queue,
      prefetch: 1,
      handle: async () => {
        tried.resolve();
        throw Object.assign(new Error("store away"), { code: "ECONNREFUSED" });
      },
    });
    await rabbit.publish(message({}));
    await tried.promise;
    await rabbit.close();
    assert.equal(await consumed("returned"), 1);
    await eventually(async () => (await depth(queue)) === 1);
    assert.equal(await depth(deadLetters), 0);
  });

  /** Messages in a queue, ready or not, as the management API counts them a moment later. */
  const depth = async (name: string): Promise<number> => {
    const answer = await vhost.manage("POST", `/queues/{vhost}/${name}/get`, {
      count: 50,
      ackmode: "ack_requeue_true",
      encoding: "auto",
    });
    assert.ok(Array.isArray(answer));
    return answer.length;
  };

  const valueOf = async (name: string, labels: Record<string, string>): Promise<number> => {
    const metric = await metrics.registry.getSingleMetric(name)?.get();
    const match = metric?.values.find((value) =>
      Object.entries(labels).every(([key, label]) => value.labels[key] === label),
    );
    return match?.value ?? 0;
  };
  const consumers = () => valueOf("rabbitmq_consumers", { queue });
  const consumed = (outcome: string) => valueOf("rabbitmq_consumed_total", { queue, outcome });

  /** The management API lists a connection some seconds late, so this asks until it has found one. */
  const cutConnections = async (): Promise<void> => {
    await eventually(async () => {
      const listed = await vhost.manage("GET", "/vhosts/{vhost}/connections");
      assert.ok(Array.isArray(listed));
      for (const { name } of listed) {
        await vhost.manage("DELETE", `/connections/${encodeURIComponent(String(name))}`);
      }
      return listed.length > 0;
    });
  };
});
