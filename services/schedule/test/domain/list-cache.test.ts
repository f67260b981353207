import assert from "node:assert/strict";
import { createListCache } from "../../src/domain/list-cache.ts";

const counting = () => {
  let loads = 0;
  return { load: async () => ({ loads: ++loads }), loads: () => loads };
};

describe("the cache of lists", () => {
  it("loads a page once for a crowd that asks at the same time", async () => {
    const cache = createListCache();
    const source = counting();
    const pages = await Promise.all(
      Array.from({ length: 100 }, () => cache.page("trains", source.load)),
    );
    assert.equal(source.loads(), 1);
    assert.equal(new Set(pages).size, 1);
    assert.equal(String(pages[0]), '{"loads":1}');
  });

  it("loads again after a change, and separately for another page", async () => {
    const cache = createListCache();
    const source = counting();
    await cache.page("trains", source.load);
    cache.clear();
    assert.equal(String(await cache.page("trains", source.load)), '{"loads":2}');
    assert.equal(String(await cache.page("stations", source.load)), '{"loads":3}');
  });

  it("does not keep a failure", async () => {
    const cache = createListCache();
    const failing = async (): Promise<unknown> => {
      throw new Error("database away");
    };
    await assert.rejects(cache.page("trains", failing), /database away/);
    const source = counting();
    assert.equal(String(await cache.page("trains", source.load)), '{"loads":1}');
  });
});
