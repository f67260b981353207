import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { eventually } from "@jatra/testing/eventually.ts";
import {
  startGateway,
  startPlatform,
  type GatewayAnswer,
  type TestGateway,
  type TestPlatform,
} from "../gateway-fixture.ts";

const ok = (answers: readonly GatewayAnswer[]): number =>
  answers.filter(({ status }) => status !== 429).length;

describe("the gateway's rate limits", () => {
  let platform: TestPlatform;
  const running: TestGateway[] = [];
  before(async () => {
    platform = await startPlatform();
  });
  afterEach(() => Promise.all(running.splice(0).map((gateway) => gateway.stop())));
  after(() => platform.close());

  /** Pods that share one Redis and one set of counts. */
  const startPods = async (
    count: number,
    limits: Partial<Parameters<typeof startGateway>[0]>,
    redisUrl = platform.redis.url,
  ): Promise<readonly TestGateway[]> => {
    const prefix = `test-${randomUUID()}`;
    const { auth, schedule, booking } = platform;
    const urls = { auth: auth.url, schedule: schedule.url, booking: booking.url };
    const pods = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        startGateway({ redisUrl, prefix, urls, pod: `pod-${index}`, ...limits }),
      ),
    );
    running.push(...pods);
    return pods;
  };
  const send = async (
    pods: readonly TestGateway[],
    count: number,
    ...request: Parameters<TestGateway["request"]>
  ): Promise<GatewayAnswer[]> => {
    const answers = Array.from({ length: count }, async (_, index) =>
      pods[index % pods.length]?.request(...request),
    );
    return (await Promise.all(answers)).flatMap((answer) => answer ?? []);
  };

  it("admit the limit over many pods and no more: for an operation, an address, a user", async () => {
    const pods = await startPods(5, {
      operationLimits: {
        login: { requests: 20, windowSeconds: 60 },
        listBookings: { requests: 8, windowSeconds: 60 },
      },
    });
    await eventually(() => Date.now() % 60_000 < 55_000, 6_000);
    assert.equal(ok(await send(pods, 200, "POST", "/api/auth/login", { body: "{}" })), 20);
    assert.equal(
      ok(await send(pods, 50, "POST", "/api/auth/refresh-token", { body: "{}" })),
      50,
      "another operation of the same service has no such limit",
    );
    const [one, two] = await Promise.all([
      platform.auth.token("user-1"),
      platform.auth.token("user-2"),
    ]);
    assert.equal(ok(await send(pods, 60, "GET", "/api/bookings", { token: one })), 8);
    assert.equal(ok(await send(pods, 60, "GET", "/api/bookings", { token: two })), 8);
    assert.equal(await countedAlone(pods), 0);
  });

  it("are told with the standard headers and a problem", async () => {
    const pods = await startPods(1, { requestsPerSecond: 3 });
    const answers = await send(pods, 20, "GET", "/api/trains");
    const refused = answers.find((answer) => answer.status === 429);
    assert.equal(refused?.json()["code"], "rate_limited");
    assert.equal(refused?.json()["detail"], 'The limit "address" is 3 requests in 1 s.');
    assert.match(String(refused?.headers["retry-after"]), /^[12]$/);
    assert.equal(refused?.headers["ratelimit-policy"], '"address";q=3;w=1');
    assert.match(String(refused?.headers["ratelimit"]), /^"address";r=0;t=[12]$/);
    assert.ok(answers.some((answer) => answer.status === 200));
    const probes = await send(pods, 20, "GET", "/health");
    assert.ok(
      probes.every((answer) => answer.status === 200),
      "probes are never limited",
    );
  });

  it("count a user by name on whatever pod, beside the address", async () => {
    const pods = await startPods(3, { requestsPerSecond: 1_000, userRequestsPerSecond: 5 });
    const token = await platform.auth.token("user-3");
    const first = await pods[0]?.request("GET", "/api/bookings", { token });
    assert.equal(first?.headers["ratelimit-policy"], '"address";q=1000;w=1, "user";q=5;w=1');
    assert.match(String(first?.headers["ratelimit"]), /^"address";r=\d+;t=1, "user";r=4;t=1$/);
    const answers = await send(pods, 60, "GET", "/api/bookings", { token });
    const refused = answers.find(({ status }) => status === 429);
    assert.match(String(refused?.json()["detail"]), /^The limit "user" is 5 requests in 1 s\.$/);
    assert.ok(ok(answers) <= 5 * 3, `${ok(answers)} in about a second`);
    const other = await platform.auth.token("user-4");
    assert.equal((await pods[1]?.request("GET", "/api/bookings", { token: other }))?.status, 200);
    assert.equal((await pods[1]?.request("GET", "/api/trains"))?.status, 200);
  });

  it("stay with each pod alone while Redis is away, and nobody is turned away for it", async () => {
    const pods = await startPods(
      2,
      { operationLimits: { login: { requests: 6, windowSeconds: 60 } } },
      "redis://127.0.0.1:9",
    );
    await eventually(() => Date.now() % 60_000 < 55_000, 6_000);
    const answers = await send(pods, 40, "POST", "/api/auth/login", { body: "{}" });
    assert.equal(ok(answers), 12, "6 on each of two pods");
    // Whom it has refused it refuses from memory.
    assert.ok((await countedAlone(pods)) > 12);
  });
});

/** How many requests the pods say they counted without Redis. */
const countedAlone = async (pods: readonly TestGateway[]): Promise<number> => {
  const counts = pods.map(async ({ metrics }) => {
    const metric = metrics.registry.getSingleMetric("gateway_rate_limits_alone_total");
    return (await metric?.get())?.values[0]?.value ?? Number.NaN;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
};
