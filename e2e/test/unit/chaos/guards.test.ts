import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { guards } from "../../../chaos/guards/guards.ts";
import { withoutGuard } from "../../../chaos/guards/prove-guards.ts";

const read = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../${file}`, import.meta.url)), "utf8");

describe("the table of guards", () => {
  for (const guard of guards) {
    it(`finds «${guard.guard}» in its file, and its test`, () => {
      const text = read(guard.file);
      assert.notEqual(withoutGuard(text, guard), text);
      const titles = read(guard.test.file).split(guard.test.title).length - 1;
      assert.equal(titles, 1, `«${guard.test.title}» in ${guard.test.file}`);
    });
  }

  it("notices a guard that has moved", () => {
    const [guard] = guards;
    assert.ok(guard);
    assert.throws(() => withoutGuard("SELECT 1", guard), /does not stand once/);
    assert.throws(() => withoutGuard(`${guard.find} ${guard.find}`, guard), /does not stand once/);
  });
});
