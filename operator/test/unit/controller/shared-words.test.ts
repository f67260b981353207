import assert from "node:assert/strict";
import fc from "fast-check";
import { createSharedWords } from "../../../src/controller/shared-words.ts";
import { observedObject } from "../../support/observed-fixture.ts";

describe("words that objects share", () => {
  it("change nothing of them", () => {
    const share = createSharedWords();
    const content = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.string(), content, content, (name, spec, status) => {
        const object = observedObject({ kind: "Deployment", name, spec, status });
        const before = JSON.stringify(object);
        assert.equal(JSON.stringify(share(object)), before);
        assert.equal(JSON.stringify(object), before);
      }),
    );
  });
});
