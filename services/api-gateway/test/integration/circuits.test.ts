import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestRedis, type TestRedis } from "@jatra/testing/test-redis.ts";
import {
  startFakeAuth,
  startFakeService,
  startGateway,
  type FakeService,
  type TestGateway,
} from "../gateway-fixture.ts";

type Report = { pod: string; circuits: { service: string; state: string }[] };

/** Short pauses: what is tested is the agreement of the pods, the times are tested on the circuit itself. */
const circuitBreaker = {
  failureThreshold: 5,
  windowSeconds: 30,
  openSeconds: 1,
  halfOpenTimeoutSeconds: 10,
};

describe("circuits over several gateway pods", () => {
  let redis: TestRedis;
  let auth: Awaited<ReturnType<typeof startFakeAuth>>;
  let schedule: FakeService;
  let pods: TestGateway[] = [];

  const startPods = async (
    count: number,
    redisUrl = redis.url,
    limits: Partial<typeof circuitBreaker> = {},
  ): Promise<void> => {
    const prefix = `test-${randomUUID()}`;
    const urls = { auth: auth.url, schedule: schedule.url };
    pods = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        startGateway({
          redisUrl,
          prefix,
          urls,
          circuitBreaker: { ...circuitBreaker, ...limits },
          pod: `pod-${index}`,
        }),
      ),
    );
  };
  const stateOf = async (pod: TestGateway | undefined, service = "schedule"): Promise<string> => {
    const metric = await pod?.metrics.registry.getSingleMetric("circuit_breaker_state")?.get();
    const is = metric?.values.find(
      (each) => each.labels["service"] === service && each.value === 1,
    );
    return String(is?.labels["state"]);
  };
  const everywhere = async (state: string): Promise<void> => {
    await eventually(async () => {
      const states = await Promise.all(pods.map((pod) => stateOf(pod)));
      assert.deepEqual(
        states,
        pods.map(() => state),
      );
      return true;
    });
  };
  const get = async (index: number, path = "/api/trains") => {
    const answer = await pods[index % pods.length]?.request("GET", path);
    assert.ok(answer);
    return answer;
  };
  /** All pods hear one another: a reset at the last reaches the first. */
  const whenTogether = async (): Promise<void> => {
    const token = await auth.token("admin-1", "admin");
    await eventually(async () => {
      for (const pod of pods) await pod.request("POST", "/api/circuits/schedule/reset", { token });
      const answer = await pods[0]?.request("GET", "/api/circuits", { token });
      const reports = answer?.json()["pods"] as Report[];
      return reports.length === pods.length;
    });
  };
  const breakSchedule = (): void => {
    schedule.answer = (_request, response) => response.writeHead(500).end("{}");
  };
  const mendSchedule = (): void => {
    schedule.answer = (_request, response) => response.end("{}");
  };

  before(async () => {
    redis = await createTestRedis();
    auth = await startFakeAuth();
    schedule = await startFakeService();
  });
  beforeEach(mendSchedule);
  afterEach(() => Promise.all(pods.splice(0).map((pod) => pod.stop())));
  after(async () => {
    await Promise.all([auth.close(), schedule.close()]);
    await redis.drop();
  });

  it("opens everywhere when ten calls fail over three pods, and closes everywhere after one probe", async () => {
    await startPods(3);
    await whenTogether();
    breakSchedule();
    const statuses: number[] = [];
    for (let call = 0; call < 10; call += 1) {
      statuses.push((await get(call)).status);
      // As far apart as calls of curl: the word of a failure takes a millisecond.
      if (call === 4) await everywhere("open");
    }
    assert.deepEqual(statuses, [500, 500, 500, 500, 500, 503, 503, 503, 503, 503]);
    const refused = await get(0);
    assert.equal(refused.json()["code"], "circuit_open");
    assert.equal(refused.headers["retry-after"], "1");
    mendSchedule();
    await everywhere("half_open");
    const before = schedule.seen.length;
    assert.equal((await get(0)).status, 200);
    await everywhere("closed");
    assert.equal(schedule.seen.length, before + 1);
  });

  it("sends one probe when 1,000 calls come while it is half open", async () => {
    // The probe is held until all others have their answer, which on a busy machine is longer than the usual limit.
    await startPods(1, redis.url, { halfOpenTimeoutSeconds: 30 });
    breakSchedule();
    for (let call = 0; call < 5; call += 1) await get(0);
    await everywhere("half_open");
    const before = schedule.seen.length;
    const held = Promise.withResolvers<void>();
    schedule.answer = (_request, response) => void held.promise.then(() => response.end("{}"));
    const calls = Array.from({ length: 1_000 }, () => get(0));
    await eventually(() => schedule.seen.length > before);
    let refused = 0;
    for (const call of calls) {
      void call.then((answer) => {
        if (answer.status === 503) refused += 1;
      });
    }
    await eventually(() => refused === 999, 25_000);
    held.resolve();
    const answers = await Promise.all(calls);
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
    assert.equal(schedule.seen.length, before + 1);
    await everywhere("closed");
  });

  it("counts neither 4xx, nor 429, nor clients that went away", async () => {
    await startPods(1);
    for (const status of [400, 404, 409, 429]) {
      schedule.answer = (_request, response) => response.writeHead(status).end("{}");
      for (let call = 0; call < 6; call += 1) assert.equal((await get(0)).status, status);
    }
    assert.equal(await stateOf(pods[0]), "closed");
  });

  it("is not opened by clients that break off while they send or wait", async () => {
    await startPods(1);
    const token = await auth.token("admin-1", "admin");
    const head = `POST /api/trains HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n`;
    const half = "x".repeat(100_000);
    schedule.answer = () => undefined;
    for (const text of [
      `${head}Content-Length: 200000\r\n\r\n${half}`,
      `${head}Transfer-Encoding: chunked\r\n\r\n186a0\r\n${half}\r\n`,
      `${head}Content-Length: 20\r\n\r\nx`,
      "GET /api/trains HTTP/1.1\r\nHost: a\r\n\r\n",
    ]) {
      const before = await abortsOf(pods[0]);
      await Promise.all(Array.from({ length: 8 }, () => breakOff(pods[0]?.url ?? "", text)));
      await eventually(async () => (await abortsOf(pods[0])) === before + 8);
    }
    assert.equal(await stateOf(pods[0]), "closed");
    mendSchedule();
    assert.equal((await get(0)).status, 200);
  });

  it("leaves other services alone", async () => {
    await startPods(1);
    breakSchedule();
    for (let call = 0; call < 6; call += 1) await get(0);
    assert.equal(await stateOf(pods[0], "schedule"), "open");
    assert.equal((await pods[0]?.request("POST", "/api/auth/login", { body: "{}" }))?.status, 200);
  });

  it("shows all pods' circuits to admins only, and lets them reset one everywhere", async () => {
    await startPods(2);
    await whenTogether();
    breakSchedule();
    for (let call = 0; call < 5; call += 1) await get(0);
    await everywhere("open");
    mendSchedule();
    const path = "/api/circuits";
    assert.equal((await get(0, path)).status, 401);
    const customer = await auth.token("user-1");
    assert.equal((await pods[0]?.request("GET", path, { token: customer }))?.status, 403);
    const token = await auth.token("admin-1", "admin");
    await eventually(async () => {
      const answer = await pods[1]?.request("GET", path, { token });
      const reports = answer?.json()["pods"] as Report[];
      const seen = reports.map(({ pod, circuits }) => [
        pod,
        circuits.find(({ service }) => service === "schedule")?.state,
      ]);
      assert.equal(seen.length, 2);
      return seen.every(([, state]) => state !== "closed");
    });
    const reset = await pods[1]?.request("POST", `${path}/schedule/reset`, { token });
    assert.deepEqual(reset?.json(), { service: "schedule", state: "closed" });
    await everywhere("closed");
    const unknown = await pods[1]?.request("POST", `${path}/nothing/reset`, { token });
    assert.equal(unknown?.status, 404);
  });

  it("lets each pod count alone while Redis is away", async () => {
    await startPods(2, "redis://127.0.0.1:9/0");
    breakSchedule();
    for (let call = 0; call < 5; call += 1) assert.equal((await get(0)).status, 500);
    assert.equal((await get(0)).status, 503);
    assert.equal(await stateOf(pods[0]), "open");
    assert.equal((await get(1)).status, 500);
    assert.equal(await stateOf(pods[1]), "closed");
    const token = await auth.token("admin-1", "admin");
    const board = await pods[0]?.request("GET", "/api/circuits", { token });
    assert.equal(board?.json()["complete"], false);
  });

  it("tells a pod that starts later what the others know", async () => {
    const prefix = `test-${randomUUID()}`;
    const options = { redisUrl: redis.url, prefix, urls: { schedule: schedule.url } };
    const patient = { ...circuitBreaker, openSeconds: 30 };
    pods = [await startGateway({ ...options, circuitBreaker: patient, pod: "pod-0" })];
    breakSchedule();
    for (let call = 0; call < 5; call += 1) await get(0);
    await eventually(async () =>
      (await redis.redis.get(`${prefix}:pod:pod-0`))?.includes('"open"'),
    );
    pods.push(await startGateway({ ...options, circuitBreaker: patient, pod: "pod-1" }));
    await everywhere("open");
  });
});

const abortsOf = async (pod: TestGateway | undefined): Promise<number> => {
  const metric = await pod?.metrics.registry.getSingleMetric("gateway_client_aborts_total")?.get();
  return metric?.values[0]?.value ?? 0;
};

/** Sends something and leaves a moment after it has gone out. */
const breakOff = async (url: string, text: string): Promise<void> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  await new Promise((resolve) => socket.write(text, resolve));
  await wait(50);
  socket.resetAndDestroy();
};
