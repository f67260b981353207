import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
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
