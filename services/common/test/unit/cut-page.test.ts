import assert from "node:assert/strict";
import { decodeCursor } from "@jatra/common/http/cursor.ts";
import { cutPage } from "@jatra/common/http/cut-page.ts";
import { z } from "zod";

describe("a page of a list", () => {
  const rows = ["a", "b", "c"].map((id) => ({ id }));
  const cut = (limit: number) => cutPage(rows, limit, ({ id }) => id);

  it("points at its last row where there is another one behind it", () => {
    const { shown, nextCursor } = cut(2);
    assert.deepEqual(shown, [{ id: "a" }, { id: "b" }]);
    assert.equal(decodeCursor(nextCursor ?? undefined, z.string()), "b");
  });

  it("is the last one where the list ends just there, or before", () => {
    assert.deepEqual(cut(3), { shown: rows, nextCursor: null });
    assert.deepEqual(cut(4), { shown: rows, nextCursor: null });
    assert.deepEqual(cutPage([], 1, String), { shown: [], nextCursor: null });
  });
});
