import assert from "node:assert/strict";
import { z } from "zod";
import { parsePart } from "../../src/http/parse-request.ts";
import { Problem } from "../../src/http/problem.ts";

const refusalOf = (work: () => unknown): Problem => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

describe("parsing a part of a request", () => {
  const schema = z.object({ name: z.string(), stops: z.array(z.unknown()).optional() });

  it("answers what the schema made of it", () => {
    assert.deepEqual(parsePart(schema, { name: "Dhaka", more: 1 }, "body"), { name: "Dhaka" });
    assert.equal(parsePart(undefined, { name: "Dhaka" }, "query"), undefined);
  });

  it("refuses what the schema refuses, without repeating the value", () => {
    const { code, options } = refusalOf(() => parsePart(schema, { name: 12_345 }, "body"));
    assert.equal(code, "validation_failed");
    assert.match(String(options.detail), /^body\.name: /);
    assert.doesNotMatch(JSON.stringify(options), /12345/);
  });

  it("refuses U+0000 wherever it stands: no database text can hold it", () => {
    for (const value of [
      { name: "Dha\0ka" },
      { name: "Dhaka", stops: [{ deep: ["\0"] }] },
      { name: "Dhaka", stops: [{ "na\0me": 1 }] },
    ]) {
      const { code } = refusalOf(() => parsePart(schema, value, "body"));
      assert.equal(code, "validation_failed");
    }
  });
});
