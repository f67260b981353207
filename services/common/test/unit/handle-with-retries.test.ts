import assert from "node:assert/strict";
import { handleWithRetries, type Outcome } from "@jatra/common/messaging/handle-with-retries.ts";

const limits = {
  attemptsMax: 4,
  backoff: { firstMs: 1, maxMs: 2 },
  outagePatienceMs: 1_000,
  outageBackoff: { firstMs: 1, maxMs: 2 },
};

const fault = new Error("constraint");
const outage = Object.assign(new Error("away"), { code: "ECONNREFUSED" });

describe("handling a message with retries", () => {
  const run = async (
    errors: readonly Error[],
    other: { stop?: AbortSignal; now?: () => number } = {},
  ): Promise<{ outcome: Outcome; calls: number }> => {
    let calls = 0;
    const outcome = await handleWithRetries({
      handle: async () => {
        const error = errors[calls];
        calls += 1;
        if (error) throw error;
      },
      onRetry: () => undefined,
      stop: new AbortController().signal,
      limits,
      ...other,
    });
    return { outcome, calls };
  };

  it("is done after the first try that goes well", async () => {
    assert.deepEqual(await run([fault, fault]), { outcome: { kind: "handled" }, calls: 3 });
  });

  it("gives up a fault after four tries", async () => {
    const outcome = { kind: "failed", error: fault };
    assert.deepEqual(await run(Array.from({ length: 9 }, () => fault)), { outcome, calls: 4 });
  });

  it("outlasts an outage of more than four tries", async () => {
    const result = await run(Array.from({ length: 9 }, () => outage));
    assert.deepEqual(result, { outcome: { kind: "handled" }, calls: 10 });
  });

  it("gives up an outage when its patience has run out", async () => {
    let time = 0;
    const now = (): number => (time += 400);
    const { outcome } = await run(
      Array.from({ length: 9 }, () => outage),
      { now },
    );
    assert.deepEqual(outcome, { kind: "failed", error: outage });
  });

  it("stops waiting when the process ends, but not before a first try", async () => {
    const stop = AbortSignal.abort();
    assert.deepEqual(await run([fault], { stop }), { outcome: { kind: "stopped" }, calls: 1 });
  });
});
