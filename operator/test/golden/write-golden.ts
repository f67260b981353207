import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { goldenTexts } from "./golden-texts.ts";

const HELP = `Writes what the operator makes of the samples to operator/test/golden, for review.

  node operator/test/golden/write-golden.ts           write
  node operator/test/golden/write-golden.ts --check   only compare; exit code 1 when out of date
`;

const options = { check: { type: "boolean" }, help: { type: "boolean" } } as const;
const { values } = parseArgs({ options });
if (values.help === true) process.stdout.write(HELP);
else {
  for (const [name, text] of goldenTexts()) {
    const file = new URL(name, import.meta.url);
    if (values.check !== true) await writeFile(file, text);
    else if ((await readFile(file, "utf8")) !== text) {
      process.stderr.write(`${file.pathname} is out of date: run it without --check.\n`);
      process.exitCode = 1;
    }
  }
}
