/** Its settings reach the gateway by a rolling update, with a service's behind it: under load, there and back. */
import assert from "node:assert/strict";
import { z } from "zod";
import { answersIn } from "../api/answers-by-operation.ts";
import { api, signIn, type Answer } from "./support/api.ts";
import { buySeats, freeSeats, type Seat } from "./support/buy-seats.ts";
import { eventually } from "./support/eventually.ts";
import { gatewayPods, metricsOf } from "./support/gateway-pods.ts";
import { kubectl } from "./support/kubectl.ts";
import { expectRollout, patchPlatform } from "./support/rollout.ts";
import { get, startTraffic, type Turn } from "./support/traffic.ts";

/** Long, so that no window ends in the middle of the test but once in ten minutes. */
const LIMIT = { requests: 15, windowSeconds: 600 } as const;
const OPEN_SECONDS = 11;
const CHANGED = {
  gateway: {
    circuitBreaker: { openSeconds: OPEN_SECONDS },
    rateLimit: { operations: { listBookings: LIMIT } },
  },
  services: { booking: { env: [{ name: "UPDATE_TEST", value: String(Date.now()) }] } },
};
const AS_BEFORE = {
  gateway: { circuitBreaker: null, rateLimit: { operations: { listBookings: null } } },
  services: { booking: { env: null } },
};
/** Three pods one after the other, on a machine that does other things too. */
const ROLL_MS = 240_000;

/** Applies a spec and waits until no pod of the gateway and of booking-service is left that was there before. */
const roll = async (spec: unknown): Promise<void> => {
  const ofBoth = ["-l", "app in (api-gateway, booking-service)"];
  const before = (await kubectl("get", "pods", ...ofBoth, "-o", "name")).trim().split("\n");
  await patchPlatform(spec);
  await eventually("the pods of before are gone", ROLL_MS, () =>
    kubectl("wait", "--for=delete", ...before, "--timeout=60s"),
  );
  await eventually("settled", ROLL_MS, () =>
    expectRollout(({ status }) => status.rollout.phase === "Settled"),
  );
};

const breakerSchema = z.object({ openSeconds: z.number() });

/** As each pod of the gateway was told. */
const openSeconds = async (): Promise<number[]> =>
  (await gatewayPods()).map(
    (pod) => breakerSchema.parse(JSON.parse(pod.variable("CIRCUIT_BREAKER") ?? "")).openSeconds,
  );

describe("an update of the gateway and of a service behind it, under load", () => {
  let token = "";
  let seats: Seat[] = [];
  const booked: string[] = [];

  before(async () => {
    ({ token } = await signIn());
    seats = await freeSeats(600);
  });

  after(async function () {
    this.timeout(2 * ROLL_MS);
    await patchPlatform(AS_BEFORE);
    await eventually("settled", ROLL_MS, () =>
      expectRollout(({ status }) => status.rollout.phase === "Settled"),
    );
  });

  /** Steady reads and bookings while `change` runs; none of them may fail. */
  const underLoad = async (change: () => Promise<void>): Promise<void> => {
    const buy = buySeats({ seats, token, booked });
    const look: Turn = (send) => {
      const [last] = booked.slice(-1);
      return get(last === undefined ? "/api/trains" : `/api/bookings/${last}`, token)(send);
    };
    const traffic = [
      startTraffic(get("/api/trains"), { clients: 3, pauseMs: 100 }),
      startTraffic(get("/api/trains"), { clients: 2, pauseMs: 200, keepAlive: false }),
      // Seldom enough that its connection is idle while the pod at its other end goes.
      startTraffic(get("/api/trains"), { clients: 2, pauseMs: 2_000 }),
      startTraffic(look, { clients: 2, pauseMs: 100 }),
      startTraffic(buy, { clients: 2, pauseMs: 500 }),
      startTraffic(buy, { pauseMs: 1_000, keepAlive: false }),
    ];
    try {
      await change();
    } finally {
      await Promise.all(traffic.map((each) => each.stop()));
    }
    const failures = traffic.flatMap((each) => each.failures);
    const sent = traffic.flatMap((each) => Object.values(each.counts)).reduce((a, b) => a + b, 0);
    console.log(`      ${sent} sent, ${failures.length} failed; ${booked.length} bookings so far`);
    assert.deepEqual(failures, []);
    assert.ok(sent > 200, `${sent} requests are no load`);
  };

  it("brings new settings of the circuit breaker without a lost request", async () => {
    await underLoad(() => roll(CHANGED));
    const pods = await openSeconds();
    assert.deepEqual(new Set(pods), new Set([OPEN_SECONDS]));
    assert.ok(pods.length >= 3);
  });

  it("brings a limit that holds over all pods of the gateway, for each user", async () => {
    const other = await signIn();
    const { answers, byPod } = await askAtOnce();
    for (const [pod, answered] of byPod) assert.ok(answered > 0, `${pod} was never asked`);
    const granted = answers.filter(({ status }) => status === 200);
    const left = granted.map((answer) =>
      Number(/"listBookings";r=(\d+)/.exec(limitOf(answer))?.[1]),
    );
    // Each pod told another number: nobody counted for himself.
    assert.deepEqual(
      left.toSorted((a, b) => b - a),
      Array.from({ length: LIMIT.requests }, (_, index) => LIMIT.requests - 1 - index),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    assert.equal(refused.length, answers.length - LIMIT.requests);
    for (const answer of refused) {
      assert.equal(answer.status, 429);
      assert.equal(answer.headers.get("content-type"), "application/problem+json");
      assert.equal(answer.body["code"], "rate_limited");
      assert.match(answer.headers.get("ratelimit-policy") ?? "", /"listBookings";q=15;w=600/);
      const retryAfter = answer.headers.get("retry-after") ?? "";
      assert.match(retryAfter, /^[1-9]\d*$/);
      assert.match(limitOf(answer), new RegExp(`"listBookings";r=0;t=${retryAfter}\\b`));
    }
    const welcome = await api("GET", "/api/bookings", { token: other.token });
    assert.equal(welcome.status, 200, "another user has a share of his own");
    assert.match(limitOf(welcome), /"listBookings";r=14;/);
  });

  it("goes back the same way, and everything that was booked meanwhile is confirmed", async () => {
    await underLoad(() => roll(AS_BEFORE));
    assert.ok(!(await openSeconds()).includes(OPEN_SECONDS));
    assert.ok(booked.length > 20, `${booked.length} bookings`);
    for (const bookingId of booked) {
      await eventually(`booking ${bookingId} is confirmed`, 60_000, async () => {
        const { body } = await api("GET", `/api/bookings/${bookingId}`, { token });
        assert.equal(body["status"], "CONFIRMED");
      });
    }
  });
});

const limitOf = ({ headers }: Answer): string => headers.get("ratelimit") ?? "";

/** Four times as many requests as the limit allows, at once, each on a connection of its own. */
const REQUESTS = 4 * LIMIT.requests;
/** A gateway pod that waits too long for Redis counts alone, and says so: then a new user asks. */
const TRIES_MAX = 3;
/** So much of the window has to be left: the next one begins with other numbers. */
const BORDER_MS = 10_000;

const askAtOnce = async () => {
  const inWindowMs = (): number => Date.now() % (1_000 * LIMIT.windowSeconds);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    await eventually("the window doesn't end just now", 2 * BORDER_MS, async () => {
      assert.ok(inWindowMs() < 1_000 * LIMIT.windowSeconds - BORDER_MS);
    });
    const { token } = await signIn();
    const before = await lookAtPods();
    const ask = () => api("GET", "/api/bookings", { token, headers: { connection: "close" } });
    const answers = await Promise.all(Array.from({ length: REQUESTS }, ask));
    const after = await lookAtPods();
    if ([...after].some(([pod, { alone }]) => alone !== before.get(pod)?.alone)) continue;
    const byPod = [...after].map(
      ([pod, { answered }]) => [pod, answered - (before.get(pod)?.answered ?? 0)] as const,
    );
    return { answers, byPod };
  }
  throw new Error(`Redis took too long for the gateway ${TRIES_MAX} times`);
};

/** What each pod of the gateway has answered to `GET /api/bookings`, and how often it had to count alone. */
const lookAtPods = async () =>
  new Map(
    await Promise.all(
      (await gatewayPods()).map(async ({ name }) => {
        const text = await metricsOf(name);
        const answers = answersIn(text).get("GET /api/bookings") ?? new Map<number, number>();
        const answered = [...answers.values()].reduce((sum, count) => sum + count, 0);
        const alone = Number(/^gateway_rate_limits_alone_total\S* (\d+)$/m.exec(text)?.[1]);
        return [name, { answered, alone }] as const;
      }),
    ),
  );
