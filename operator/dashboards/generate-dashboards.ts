import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { grafanaModel } from "./grafana-model.ts";
import { operatorDashboard } from "./operator-dashboard.ts";
import { platformDashboard } from "./platform-dashboard.ts";

const HELP = `Writes the chart's Grafana dashboards.

  node operator/dashboards/generate-dashboards.ts           write charts/jatra-operator/dashboards
  node operator/dashboards/generate-dashboards.ts --check   only compare; exit code 1 when one is out of date
`;

const FOLDER = new URL("../../charts/jatra-operator/dashboards/", import.meta.url);

/** The committed texts by name of the file. */
export function dashboardTexts(): ReadonlyMap<string, string> {
  return new Map(
    [platformDashboard, operatorDashboard].map((dashboard) => [
      `${dashboard.uid}.json`,
      `${JSON.stringify(grafanaModel(dashboard), null, 2)}\n`,
    ]),
  );
}

async function main(): Promise<void> {
  const options = { check: { type: "boolean" }, help: { type: "boolean" } } as const;
  const { values } = parseArgs({ options });
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  for (const [name, text] of dashboardTexts()) {
    const target = new URL(name, FOLDER);
    if (values.check !== true) await writeFile(target, text);
    else if ((await readFile(target, "utf8")) !== text) {
      process.stderr.write(`${target.pathname} is out of date: run it without --check.\n`);
      process.exitCode = 1;
    }
  }
}

if (import.meta.main) await main();
