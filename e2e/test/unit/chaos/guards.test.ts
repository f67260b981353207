import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { declaredGuards } from "../../../chaos/guards/declared-guards.ts";
import { guards } from "../../../chaos/guards/guards.ts";
import { withoutGuard } from "../../../chaos/guards/prove-guards.ts";

const fileUrl = (path: string): URL => new URL(`../../../../${path}`, import.meta.url);
const read = (file: string): string => readFileSync(fileUrl(file), "utf8");

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

  for (const service of ["seat-reservation", "booking", "payment", "payment-simulator", "ticket"]) {
    it(`has a row for each guard that the tables of ${service} declare`, () => {
      const folder = `services/${service}/migrations`;
      for (const file of readdirSync(fileUrl(folder)).map((name) => `${folder}/${name}`)) {
        const rows = guards.filter((guard) => guard.file === file);
        const without = declaredGuards(read(file)).filter(
          (declared) => !rows.some(({ find }) => find.includes(declared)),
        );
        assert.deepEqual(without, []);
      }
    });
  }

  it("notices what a migration declares", () => {
    const sql = `
      -- a UNIQUE word in a comment
      CREATE TABLE seats (
        id uuid PRIMARY KEY,
        code text NOT NULL UNIQUE,
        CONSTRAINT seats_named CHECK (code <> ''),
        UNIQUE (id, code),
        PRIMARY KEY (id, code)
      );
      CREATE UNIQUE INDEX one_seat ON seats (code);
      CREATE INDEX seats_by_code ON seats (code);
      CREATE TRIGGER seats_stay BEFORE DELETE ON seats EXECUTE FUNCTION refuse();`;
    assert.deepEqual(declaredGuards(sql), [
      "code text NOT NULL UNIQUE",
      "CONSTRAINT seats_named CHECK",
      "UNIQUE (id, code)",
      "PRIMARY KEY (id, code)",
      "CREATE UNIQUE INDEX one_seat",
      "CREATE TRIGGER seats_stay",
    ]);
  });
});
