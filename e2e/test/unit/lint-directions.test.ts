import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";

const root = new URL("../../../", import.meta.url).pathname;

/** Lints a file with one import at a place where it is or isn't allowed; answers the linter's words. */
const lint = (place: string, importFrom: string): string => {
  const file = `${root}${place}/direction-probe-${process.pid}.ts`;
  writeFileSync(file, `import * as probe from "${importFrom}";\nexport const seen = probe;\n`);
  try {
    const result = spawnSync("npx", ["oxlint", "--format=unix", file], { cwd: root });
    return result.stdout.toString();
  } finally {
    rmSync(file);
  }
};

describe("import directions", () => {
  const forbidden: readonly [string, string][] = [
    ["services/booking/src", "@jatra/payment/app.ts"],
    ["services/booking/src/domain", "express"],
    ["services/booking/src/domain", "pg"],
    ["services/booking/src/domain", "../routes/create-booking.ts"],
    ["services/contracts/src", "express"],
    ["operator/src", "@jatra/contracts/topology.ts"],
    ["operator/src/desired", "@kubernetes/client-node"],
    ["operator/src/status", "../runtime/reflector.ts"],
  ];
  for (const [place, importFrom] of forbidden) {
    it(`refuses ${importFrom} in ${place}`, () => {
      assert.match(lint(place, importFrom), /no-restricted-imports/);
    });
  }

  it("lets a service use contracts and common (the rule does not refuse everything)", () => {
    for (const importFrom of ["@jatra/contracts/money.ts", "@jatra/common/http/problem.ts"]) {
      assert.doesNotMatch(lint("services/booking/src", importFrom), /no-restricted-imports/);
    }
  });
});
