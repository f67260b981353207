import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect, createServer } from "node:net";
import { pipeline } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { createLifecycle, serve } from "@jatra/common/service/serve.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestRedis } from "@jatra/testing/test-redis.ts";
import { Agent, request } from "undici";
import { startFakeService, startGateway, type TestGateway } from "../gateway-fixture.ts";

const CLIENTS = 24;

describe("a rolling update of the gateway", () => {
  it("loses no request of clients that stay connected", async () => {
    const redis = await createTestRedis();
    const schedule = await startFakeService();
    schedule.answer = (_request, response) => void setTimeout(() => response.end("{}"), 5);
    const options = {
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { schedule: schedule.url },
    };
    const [old, fresh] = await Promise.all([startGateway(options), startGateway(options)]);
    let isOver = false;
    const tally = { sent: 0, failed: 0, moved: 0 };
    const clients = Array.from({ length: CLIENTS }, () => client(old, fresh, () => isOver, tally));
    while (tally.sent < 1_000) await clients[0]?.step();
    // What SIGTERM does, in its order.
    await old.drain();
    await old.stop();
    const atStop = tally.sent;
    while (tally.sent < atStop + 500) await clients[0]?.step();
    isOver = true;
    await Promise.all(clients.map((each) => each.done));
    assert.deepEqual({ failed: tally.failed, moved: tally.moved }, { failed: 0, moved: CLIENTS });
    await fresh.stop();
    await schedule.close();
    await redis.drop();
  });
});

describe("a rolling update of a service behind the gateway", () => {
  /** In this order, also when the test fails. */
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it("loses no request, whether its connections are busy or idle", async () => {
    const redis = await createTestRedis();
    const [old, fresh] = await Promise.all([startService(), startService()]);
    const service = await startSwitch(old.port);
    const gateway = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { auth: service.url },
    });
    const load = { isOver: false, sent: 0, failed: 0 };
    const end = async (): Promise<void> => {
      load.isOver = true;
    };
    closing.push(end, gateway.stop, old.stop, fresh.stop, service.close, redis.drop);
    const run = async (method: "GET" | "POST"): Promise<void> => {
      while (!load.isOver) {
        load.sent += 1;
        const answer = await gateway.request(method, "/api/auth/login").catch(() => undefined);
        if (answer?.status !== 200) load.failed += 1;
        // So that a connection is between two requests now and then.
        await wait(Math.random() * 10);
      }
    };
    const clients = Array.from({ length: CLIENTS }, (_, index) => run(index % 2 ? "GET" : "POST"));
    await eventually(() => load.sent > 500);
    // As behind a Service: new connections go to the new pod first, then the old one is told to stop.
    service.lead(fresh.port);
    await old.stop();
    const atStop = load.sent;
    await eventually(() => load.sent > atStop + 500);
    await end();
    await Promise.all(clients);
    assert.equal(load.failed, 0, `${load.failed} of ${load.sent}`);
    assert.ok(old.answered() > 0 && fresh.answered() > 0);
  });
});

/** A service as they all are; `stop` is what SIGTERM does. */
const startService = async () => {
  const lifecycle = createLifecycle(silentLogger);
  let answered = 0;
  const app: RequestListener = (_request, response) => {
    answered += 1;
    response.end("{}");
  };
  const port = await serve({ app, port: 0, logger: silentLogger, lifecycle });
  return { port, stop: lifecycle.stop, answered: () => answered };
};

/** One address before two pods: leads new connections to the one that it was told of last, as kube-proxy does. */
const startSwitch = async (first: number) => {
  let target = first;
  const server = createServer((client) => {
    const pod = connect(target, "127.0.0.1");
    pipeline(client, pod, client, () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return {
    url: `http://127.0.0.1:${address.port}`,
    lead: (port: number) => {
      target = port;
    },
    close: async () => {
      server.close();
      await once(server, "close");
    },
  };
};

type Tally = { sent: number; failed: number; moved: number };

/**
 * One connection that asks again and again, and goes to the other pod when it is told to leave: as behind a Service, which by then sends new
 * connections elsewhere.
 */
const client = (old: TestGateway, fresh: TestGateway, isOver: () => boolean, tally: Tally) => {
  const agent = new Agent({ connections: 1 });
  let url = old.url;
  const once = async (): Promise<void> => {
    tally.sent += 1;
    try {
      const answer = await request(`${url}/api/trains`, { dispatcher: agent });
      await answer.body.dump();
      if (answer.statusCode !== 200) tally.failed += 1;
      if (answer.headers["connection"] === "close" && url === old.url) {
        url = fresh.url;
        tally.moved += 1;
      }
    } catch {
      tally.failed += 1;
    }
  };
  const run = async (): Promise<void> => {
    while (!isOver()) await once();
    await agent.close();
  };
  return { done: run(), step: async (): Promise<void> => new Promise((go) => setImmediate(go)) };
};
