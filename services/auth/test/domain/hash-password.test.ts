import assert from "node:assert/strict";
import { Problem } from "@jatra/common/http/problem.ts";
import { createPasswordHasher } from "../../src/domain/hash-password.ts";
import { limitConcurrency } from "../../src/domain/limit-concurrency.ts";

/** The real cost takes 0.15 s a hash; the code is the same. */
const cheap = { N: 2 ** 10, r: 8, p: 1 };
const hasher = createPasswordHasher(limitConcurrency({ running: 2, waiting: 10 }), cheap);

describe("password hashing", () => {
  it("knows the right password from a wrong one", async () => {
    const stored = await hasher.hash("correct horse");
    assert.equal(await hasher.verify("correct horse", stored), true);
    assert.equal(await hasher.verify("correct horsE", stored), false);
  });

  it("makes another hash of the same password each time", async () => {
    assert.notEqual(await hasher.hash("same"), await hasher.hash("same"));
  });

  it("still verifies hashes of another cost", async () => {
    const older = createPasswordHasher(limitConcurrency({ running: 1, waiting: 1 }), {
      N: 2 ** 8,
      r: 8,
      p: 1,
    });
    assert.equal(await hasher.verify("kept", await older.hash("kept")), true);
  });

  it("takes both spellings of an accented letter for one password", async () => {
    const stored = await hasher.hash("caf\u00e9 latte");
    assert.equal(await hasher.verify("cafe\u0301 latte", stored), true);
  });

  it("answers false for an account that does not exist, after computing a hash all the same", async () => {
    let computed = 0;
    const counting = createPasswordHasher(async (work) => {
      computed += 1;
      return work();
    }, cheap);
    assert.equal(await counting.verify("whatever", undefined), false);
    assert.equal(computed, 1);
  });
});

describe("the limit of concurrent hashes", () => {
  it("runs no more than allowed at once, in order, and refuses what is beyond the line", async () => {
    const limit = limitConcurrency({ running: 2, waiting: 3 });
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const work = (index: number) => async (): Promise<number> => {
      running += 1;
      most = Math.max(most, running);
      order.push(index);
      await Promise.resolve();
      running -= 1;
      return index;
    };
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((i) => limit(work(i))));
    assert.equal(most, 2);
    assert.deepEqual(order, [0, 1, 2, 3, 4]);
    const last = results[5];
    assert.ok(last?.status === "rejected" && last.reason instanceof Problem);
    assert.equal(last.reason.code, "rate_limited");
    assert.equal(await limit(async () => "free again"), "free again");
  });

  it("gives the place back when the work fails", async () => {
    const limit = limitConcurrency({ running: 1, waiting: 0 });
    await assert.rejects(limit(() => Promise.reject(new Error("broken"))));
    assert.equal(await limit(async () => 1), 1);
  });
});
