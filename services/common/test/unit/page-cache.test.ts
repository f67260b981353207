import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { createPageCache } from "../../src/http/page-cache.ts";
import type { Reply } from "../../src/http/reply.ts";

const limits = { ttlMs: 2_000, pagesMax: 2 };
const textOf = async (reply: Promise<Reply>): Promise<string> => String((await reply).raw?.bytes);
const counting = () => {
  let loads = 0;
  return { load: async () => ({ loads: ++loads }), loads: () => loads };
};

describe("the cache of pages", () => {
  it("loads a page once for a crowd that asks at the same time", async () => {
    const cache = createPageCache(limits);
    const source = counting();
    const pages = await Promise.all(
      Array.from({ length: 100 }, () => cache.page("trains", source.load)),
    );
    assert.equal(source.loads(), 1);
    assert.equal(new Set(pages).size, 1);
    assert.equal(String(pages[0]?.raw?.bytes), '{"loads":1}');
  });

  it("loads again after a change, and separately for another page", async () => {
    const cache = createPageCache(limits);
    const source = counting();
    await cache.page("trains", source.load);
    cache.clear();
    assert.equal(await textOf(cache.page("trains", source.load)), '{"loads":2}');
    assert.equal(await textOf(cache.page("stations", source.load)), '{"loads":3}');
  });

  it("loads again when the time is over, and what had to make room", async () => {
    const source = counting();
    const short = createPageCache({ ...limits, ttlMs: 20 });
    await short.page("trains", source.load);
    await setTimeout(40);
    assert.equal(await textOf(short.page("trains", source.load)), '{"loads":2}');
    const small = createPageCache(limits);
    for (const key of ["a", "b", "c"]) await small.page(key, source.load);
    assert.equal(await textOf(small.page("c", source.load)), '{"loads":5}');
    assert.equal(await textOf(small.page("a", source.load)), '{"loads":6}');
  });

  it("does not keep a failure", async () => {
    const cache = createPageCache(limits);
    const failing = async (): Promise<unknown> => {
      throw new Error("database away");
    };
    await assert.rejects(cache.page("trains", failing), /database away/);
    const source = counting();
    assert.equal(await textOf(cache.page("trains", source.load)), '{"loads":1}');
  });
});
