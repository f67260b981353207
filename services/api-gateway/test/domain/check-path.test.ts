import assert from "node:assert/strict";
import fc from "fast-check";
import { pathOf } from "../../src/domain/check-path.ts";

describe("request targets", () => {
  it("are split into path and query", () => {
    assert.equal(pathOf("/api/search/journeys?from=DHK&to=CTG"), "/api/search/journeys");
    assert.equal(pathOf("/api/trains"), "/api/trains");
    assert.equal(pathOf("/api/users/me/passengers/a%20b"), "/api/users/me/passengers/a%20b");
    assert.equal(pathOf("/api/x/%e0%a6%95"), "/api/x/%e0%a6%95");
    assert.equal(pathOf("/api/tickets/x.pdf"), "/api/tickets/x.pdf");
    assert.equal(pathOf("/?a=/../b//c"), "/");
  });

  it("are refused in any form that a service could read otherwise", () => {
    const tricks = [
      "",
      "*",
      "api/trains",
      "http://example.com/api/trains",
      "//example.com/api",
      "/api//trains",
      "/api/../internal",
      "/api/..",
      "/api/./trains",
      "/api/%2e%2E/internal",
      "/api/.%2e/internal",
      "/api/a%2Fb",
      "/api/a%5cb",
      "/api\\trains",
      "/api/%00",
      "/api/%0d%0aX:1",
      "/api/%7f",
      "/api/%g1",
      "/api/%ff",
      "/api/%c0%af",
      "/api/%",
      "/api/trains#x",
      "/api/trains?x#y",
      "/api/tr\u00e4ins",
      "/api/trains?q=\u00e4",
      `/api/${"a".repeat(3_000)}`,
    ];
    for (const target of tricks) assert.equal(pathOf(target), undefined, target);
  });

  it("never leave their prefix when a service decodes and resolves them", () => {
    const piece = fc.constantFrom(
      "/",
      ".",
      "..",
      "%2e",
      "%2E",
      "%2f",
      "%5c",
      "\\",
      "a",
      "internal",
      "%25",
      "?",
      "#",
      ";",
      "%",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = pathOf(`/api/${pieces.join("")}`);
        if (path === undefined) return;
        const resolved = new URL(decodeURIComponent(path).replaceAll("\\", "/"), "http://x")
          .pathname;
        assert.ok(resolved.startsWith("/api/"), path);
      }),
      { numRuns: 5_000 },
    );
  });
});
