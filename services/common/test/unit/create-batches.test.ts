import assert from "node:assert/strict";
import { createBatches } from "@jatra/common/service/create-batches.ts";

describe("work in batches", () => {
  /** Runs that wait for a word from the test, each with the items that it got. */
  const watchedRuns = () => {
    const runs: { items: readonly number[]; end: (error?: Error) => void }[] = [];
    const run = async (items: readonly number[]): Promise<number[]> => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      runs.push({ items, end: (error) => (error ? reject(error) : resolve()) });
      await promise;
      return items.map((item) => item * 10);
    };
    return { runs, run };
  };
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const add = async (work: (item: number) => Promise<number>, ...items: number[]) => {
    const results = items.map((item) => work(item));
    for (const result of results) result.catch(() => undefined);
    await nextTurn();
    await nextTurn();
    return results;
  };

  it("joins what comes in one turn, and answers each with its own result", async () => {
    const { runs, run } = watchedRuns();
    const work = createBatches(run, { itemsMax: 10, runningMax: 1 });
    const results = await add(work, 1, 2, 3);
    assert.deepEqual(
      runs.map(({ items }) => items),
      [[1, 2, 3]],
    );
    runs[0]?.end();
    assert.deepEqual(await Promise.all(results), [10, 20, 30]);
  });

  it("fills the next batch while as many as may be are under way", async () => {
    const { runs, run } = watchedRuns();
    const work = createBatches(run, { itemsMax: 2, runningMax: 2 });
    const results = await add(work, 1, 2, 3, 4, 5, 6, 7);
    const seen = () => runs.map(({ items }) => items);
    assert.deepEqual(seen(), [
      [1, 2],
      [3, 4],
    ]);
    runs[1]?.end();
    await nextTurn();
    assert.deepEqual(seen().at(-1), [5, 6]);
    runs[0]?.end();
    runs[2]?.end();
    await nextTurn();
    runs[3]?.end();
    assert.deepEqual(await Promise.all(results), [10, 20, 30, 40, 50, 60, 70]);
  });

  it("waits for company where it may, and not once a batch is full", async () => {
    const { runs, run } = watchedRuns();
    const work = createBatches(run, { itemsMax: 3, runningMax: 1, gatherMs: 500 });
    const early = await add(work, 1);
    assert.equal(runs.length, 0);
    const late = await add(work, 2, 3);
    assert.deepEqual(runs[0]?.items, [1, 2, 3]);
    runs[0]?.end();
    assert.deepEqual(await Promise.all([...early, ...late]), [10, 20, 30]);
  });

  it("lets the first of a crowd go at once and gathers the others", async () => {
    const { runs, run } = watchedRuns();
    const work = createBatches(run, { itemsMax: 3, runningMax: 2, crowdMs: 500 });
    const alone = await add(work, 1);
    assert.deepEqual(runs[0]?.items, [1]);
    const early = await add(work, 2);
    assert.equal(runs.length, 1);
    const late = await add(work, 3, 4);
    assert.deepEqual(runs[1]?.items, [2, 3, 4]);
    for (const { end } of runs) end();
    assert.deepEqual(await Promise.all([...alone, ...early, ...late]), [10, 20, 30, 40]);
  });

  it("tries each alone when a batch fails, so that one doesn't take the others with it", async () => {
    const seen: (readonly number[])[] = [];
    const work = createBatches(
      async (items: readonly number[]) => {
        seen.push(items);
        if (items.includes(2)) throw new Error("two");
        return items;
      },
      { itemsMax: 10, runningMax: 1 },
    );
    const ends = await Promise.allSettled([work(1), work(2), work(3)]);
    assert.deepEqual(
      ends.map((end) => (end.status === "fulfilled" ? end.value : String(end.reason))),
      [1, "Error: two", 3],
    );
    assert.deepEqual(seen, [[1, 2, 3], [1], [2], [3]]);
  });

  it("tells everybody of an outage at once, and goes on afterwards", async () => {
    const { runs, run } = watchedRuns();
    const work = createBatches(run, { itemsMax: 10, runningMax: 1 });
    const lost = await add(work, 1, 2);
    runs[0]?.end(Object.assign(new Error("away"), { code: "ECONNREFUSED" }));
    const ends = await Promise.allSettled(lost);
    assert.deepEqual(
      ends.map((end) => end.status === "rejected" && String(end.reason)),
      ["Error: away", "Error: away"],
    );
    assert.equal(runs.length, 1);
    const [later] = await add(work, 3);
    runs[1]?.end();
    assert.equal(await later, 30);
  });
});
