import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = new URL("../../../", import.meta.url).pathname;

type Probe = { readonly place: string; readonly importFrom: string };

const forbidden: readonly Probe[] = [
  { place: "services/booking/src", importFrom: "@jatra/payment/app.ts" },
  { place: "services/booking/src/domain", importFrom: "express" },
  { place: "services/booking/src/domain", importFrom: "pg" },
  { place: "services/booking/src/domain", importFrom: "../routes/create-booking.ts" },
  { place: "services/contracts/src", importFrom: "express" },
  { place: "operator/src", importFrom: "@jatra/contracts/topology.ts" },
  { place: "operator/src/desired", importFrom: "@kubernetes/client-node" },
  { place: "operator/src/status", importFrom: "../runtime/reflector.ts" },
];
const allowed: readonly Probe[] = [
  { place: "services/booking/src", importFrom: "@jatra/contracts/money.ts" },
  { place: "services/booking/src", importFrom: "@jatra/common/http/problem.ts" },
];

/** A file with one import at a place where it is or isn't allowed; answers its name. */
const write = ({ place, importFrom }: Probe, index: number): string => {
  const name = join(place, `direction-probe-${process.pid}-${index}.ts`);
  const text = `import * as probe from "${importFrom}";\nexport const seen = probe;\n`;
  writeFileSync(join(root, name), text);
  return name;
};

/** All probes in one run of the linter, since each run reads the whole project. */
const lint = (probes: readonly Probe[]): boolean[] => {
  const files = probes.map(write);
  try {
    const args = ["oxlint", "--format=unix", ...files];
    const lines = spawnSync("npx", args, { cwd: root }).stdout.toString().split("\n");
    const refused = lines.filter((line) => line.includes("no-restricted-imports"));
    return files.map((file) => refused.some((line) => line.includes(file)));
  } finally {
    for (const file of files) rmSync(join(root, file));
  }
};

describe("import directions", () => {
  let refused: boolean[];
  before(() => {
    refused = lint([...forbidden, ...allowed]);
  });

  for (const [index, { place, importFrom }] of forbidden.entries()) {
    it(`are held: no ${importFrom} in ${place}`, () => assert.ok(refused[index]));
  }

  it("let a service use contracts and common (the rule does not refuse everything)", () => {
    assert.deepEqual(refused.slice(forbidden.length), [false, false]);
  });
});
