import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { KeyedQueue, type QueueObserver } from "../../../src/runtime/keyed-queue.ts";

const SILENT: QueueObserver = {
  depth: () => undefined,
  added: () => undefined,
  retried: () => undefined,
  waited: () => undefined,
  worked: () => undefined,
};

/** Resolves when the condition holds; fails after two seconds. */
async function eventually(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 2000;
  while (!holds()) {
    if (performance.now() > deadline) assert.fail("it never came true");
    await delay(5);
  }
}

function queueWith(work: (key: string) => Promise<number | undefined>, concurrency = 2) {
  const errors: unknown[] = [];
  const queue = new KeyedQueue({
    work: async (key) => ({ againMs: await work(key) }),
    onError: (_key, error) => errors.push(error),
    observe: SILENT,
    concurrency,
  });
  return { queue, errors };
}

describe("the keyed queue", () => {
  it("makes one run of many events", async () => {
    const runs: string[] = [];
    const { queue } = queueWith(async (key) => void runs.push(key));
    for (let event = 0; event < 50; event += 1) queue.add("a");
    await eventually(() => runs.length > 0);
    await queue.stop();
    assert.deepEqual(runs, ["a"]);
  });

  it("never runs a key twice at once, and remembers what came meanwhile", async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const { queue } = queueWith(async () => {
      running += 1;
      runs += 1;
      most = Math.max(most, running);
      if (runs === 1) queue.add("a");
      await delay(150);
      running -= 1;
      return undefined;
    });
    queue.add("a");
    await eventually(() => runs === 2 && running === 0);
    await queue.stop();
    assert.equal(most, 1);
  });

  it("works on other keys while one is slow", async () => {
    const done: string[] = [];
    const stuck = Promise.withResolvers<undefined>();
    const { queue } = queueWith(async (key) => {
      if (key === "slow") return await stuck.promise;
      done.push(key);
      return undefined;
    });
    queue.add("slow");
    queue.add("quick");
    await eventually(() => done.includes("quick"));
    stuck.resolve(undefined);
    await queue.stop();
  });

  it("comes back to a key that failed", async () => {
    let runs = 0;
    const { queue, errors } = queueWith(async () => {
      runs += 1;
      if (runs < 2) throw new Error("not yet");
      return undefined;
    });
    queue.add("a");
    await eventually(() => runs === 2);
    await queue.stop();
    assert.equal(errors.length, 1);
  });

  it("comes back after the time its work asked for", async () => {
    let runs = 0;
    const { queue } = queueWith(async () => {
      runs += 1;
      return runs < 3 ? 10 : undefined;
    });
    queue.add("a");
    await eventually(() => runs === 3);
    await queue.stop();
  });

  it("waits for running work when it is stopped", async () => {
    let isDone = false;
    let hasStarted = false;
    const { queue } = queueWith(async () => {
      hasStarted = true;
      await delay(100);
      isDone = true;
      return undefined;
    });
    queue.add("a");
    await eventually(() => hasStarted);
    await queue.stop();
    assert.equal(isDone, true);
  });
});
