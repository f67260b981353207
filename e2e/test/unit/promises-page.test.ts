import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { guards } from "../../chaos/guards/guards.ts";

const fileUrl = (path: string): URL => new URL(`../../../${path}`, import.meta.url);
const placeOf = (file: string): URL => fileUrl(file.startsWith("e2e/") ? file : `services/${file}`);
/** `folder/file.test.ts «part of a title»`. */
const testForm = /^(\S+\.test\.ts) «([^»]+)»$/;

describe("docs/promises.md", () => {
  const rows = readFileSync(fileUrl("docs/promises.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

  const assertTest = (cell: string): void => {
    const [, file = "", title = ""] = testForm.exec(cell) ?? [];
    assert.ok(existsSync(placeOf(file)), `no test file in «${cell}»`);
    assert.ok(readFileSync(placeOf(file), "utf8").includes(title), `no «${title}» in ${file}`);
  };

  it("has rows", () => assert.ok(rows.length > 40));

  for (const [promise = "", code = "", test = "", control = ""] of rows) {
    it(`is right about: ${promise}`, () => {
      assert.ok(existsSync(placeOf(code)), `there is no ${code}`);
      assertTest(test);
      const [, guard] = /^guard «([^»]+)»$/.exec(control) ?? [];
      if (guard !== undefined)
        assert.ok(
          guards.some((one) => one.guard === guard),
          guard,
        );
      else if (control !== "") assertTest(control);
    });
  }
});
