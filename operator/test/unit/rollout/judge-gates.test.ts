import assert from "node:assert/strict";
import { gatewayFigures } from "../../../src/rollout/gateway-figures.ts";
import { judgeGates } from "../../../src/rollout/judge-gates.ts";
import { reading } from "../../support/rollout-fixture.ts";

const GATES = { minRequests: 50, maxErrorPercent: 5, maxDeadLetters: 2 };
const judge = (now: ReturnType<typeof reading>, wave = ["booking-service"]) =>
  judgeGates(GATES, reading(1000, 10), now, wave);

describe("the gates of a wave", () => {
  it("count only what came after the baseline", () => {
    assert.deepEqual(judge(reading(1100, 15)), { outcome: "passed" });
    assert.deepEqual(judge(reading(1100, 16)), {
      outcome: "failed",
      message: "6 of 100 requests failed, 5 % are allowed",
    });
  });

  it("say nothing of a sample that is too small, were all of it failures", () => {
    assert.deepEqual(judge(reading(1049, 59)), {
      outcome: "waiting",
      message: "49 of 50 requests seen",
    });
  });

  it("count a pod that is new from its start, and forget one that is gone", () => {
    const pods = [{ pod: "api-gateway-2", requests: 100, failures: 6 }];
    assert.equal(judge(reading(0, 0, { pods })).outcome, "failed");
  });

  it("count a container that has started again from its start", () => {
    assert.equal(judge(reading(60, 1)).outcome, "passed");
    assert.equal(judge(reading(60, 20)).outcome, "failed");
  });

  it("fail on an open circuit of the wave, whatever the sample, and on no other", () => {
    const open = { openCircuits: ["booking-service"] };
    assert.deepEqual(judge(reading(1001, 10, open)), {
      outcome: "failed",
      message: "the gateway's circuit to booking-service is open",
    });
    assert.equal(judge(reading(1100, 10, open), ["auth-service"]).outcome, "passed");
  });

  it("fail on more dead letters than are allowed", () => {
    assert.equal(judge(reading(1100, 10, { deadLetters: 2 })).outcome, "passed");
    assert.equal(judge(reading(1100, 10, { deadLetters: 3 })).outcome, "failed");
  });
});

describe("the gateway's figures", () => {
  const sample = (route: string, status: number, count: number) =>
    `http_request_duration_seconds_count{service="api-gateway",method="GET",route="${route}",status="${status}"} ${count}`;

  it("are requests and failures without probes, and the open circuits", () => {
    const text = [
      "# HELP http_request_duration_seconds Time",
      sample("/api/bookings/:id", 200, 90),
      sample("/api/bookings", 503, 7),
      sample("none", 404, 3),
      sample("/health,/health/ready", 503, 1000),
      sample("/metrics", 200, 1000),
      'http_request_duration_seconds_sum{route="/api/bookings",status="503"} 12.5',
      'circuit_breaker_state{service="booking",state="open"} 1',
      'circuit_breaker_state{service="auth",state="open"} 0',
      'circuit_breaker_state{service="auth",state="closed"} 1',
      "process_cpu_seconds_total 1.5",
    ].join("\n");
    assert.deepEqual(gatewayFigures(text), {
      requests: 100,
      failures: 7,
      openCircuits: ["booking-service"],
    });
  });

  it("of something else are none", () => {
    const none = { requests: 0, failures: 0, openCircuits: [] };
    assert.deepEqual(gatewayFigures("<html>"), none);
  });
});
