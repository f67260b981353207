import assert from "node:assert/strict";
import { z } from "zod";
import { parsePart } from "../../src/http/parse-request.ts";
import { Problem } from "../../src/http/problem.ts";

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Problem ? error.code : "another error";
  }
};

describe("parsing a part of a request", () => {
  const schema = z.object({ name: z.string(), stops: z.array(z.unknown()).optional() });

  it("answers what the schema made of it", () => {
    assert.deepEqual(parsePart(schema, { name: "Dhaka", more: 1 }, "body"), { name: "Dhaka" });
    assert.equal(parsePart(undefined, { name: "Dhaka" }, "query"), undefined);
  });

  it("refuses what the schema refuses, without repeating the value", () => {
    const refused = () => parsePart(schema, { name: 5 }, "body");
    assert.equal(codeOf(refused), "validation_failed");
  });

  it("refuses U+0000 wherever it stands: no database text can hold it", () => {
    for (const value of [
      { name: "Dha\0ka" },
      { name: "Dhaka", stops: [{ deep: ["\0"] }] },
      { name: "Dhaka", stops: [{ "na\0me": 1 }] },
    ]) {
      assert.equal(
        codeOf(() => parsePart(schema, value, "body")),
        "validation_failed",
      );
    }
  });
});
