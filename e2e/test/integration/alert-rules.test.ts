import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { repository } from "../../cluster/folders.ts";
import { CommandFailed, run } from "../../cluster/run-command.ts";
import { ensurePromtool } from "../../manifests/promtool.ts";
import { alertRules } from "../../../operator/src/desired/alert-rules.ts";
import { platformWith } from "../../../operator/test/support/platform-fixture.ts";
import { CASES, OPERATOR_CASES, type AlertCase, type Fired } from "./alert-cases.ts";

type Rules = { readonly groups: readonly { readonly rules: readonly { alert: string }[] }[] };

const OF_PLATFORM = { name: "jatra", rules: alertRules(platformWith()) };
const ofPlatform: Rules = { groups: [OF_PLATFORM] };

/** The chart's, whose template has expressions in its metadata alone. */
const ofChart = async (): Promise<Rules> => {
  const file = join(repository, "charts/jatra-operator/templates/prometheus-rule.yaml");
  const text = await readFile(file, "utf8");
  return parse(text.slice(text.indexOf("spec:")).replace(/\{\{- end \}\}\s*$/, "")).spec;
};

const expected = ({ labels, severity = "warning", summary }: Fired) => ({
  exp_labels: { ...labels, severity },
  exp_annotations: { summary },
});

describe("alert rules", function () {
  this.timeout(120_000);
  let promtool = "";
  let folder = "";
  before(async () => {
    promtool = await ensurePromtool();
    folder = await mkdtemp(join(tmpdir(), "jatra-alerts-"));
  });
  after(async () => await rm(folder, { recursive: true }));

  /** What promtool says of the rules, under these figures. */
  const play = async (rules: Rules, { series, at, firing }: AlertCase): Promise<string> => {
    await writeFile(join(folder, "rules.yaml"), stringify(rules));
    const alerts = rules.groups.flatMap((group) => group.rules.map(({ alert }) => alert));
    const test = {
      rule_files: ["rules.yaml"],
      evaluation_interval: "1m",
      tests: [
        {
          interval: "1m",
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          alert_rule_test: alerts.map((alertname) => ({
            alertname,
            eval_time: at,
            exp_alerts: [firing[alertname] ?? []].flat().map(expected),
          })),
        },
      ],
    };
    await writeFile(join(folder, "test.yaml"), stringify(test));
    return await run(promtool, ["test", "rules", "test.yaml"], { cwd: folder });
  };

  const suites = { "of a platform": { rules: async () => ofPlatform, cases: CASES } };
  const all = { ...suites, "of the operator": { rules: ofChart, cases: OPERATOR_CASES } };
  for (const [whose, { rules, cases }] of Object.entries(all)) {
    it(`${whose} are rules to Prometheus`, async () => {
      await writeFile(join(folder, "rules.yaml"), stringify(await rules()));
      assert.match(
        await run(promtool, ["check", "rules", "rules.yaml"], { cwd: folder }),
        /SUCCESS/,
      );
    });

    for (const [name, one] of Object.entries(cases)) {
      it(`${whose} fire as they should: ${name}`, async () => {
        assert.match(await play(await rules(), one), /SUCCESS/);
      });
    }

    it(`${whose} have each a case that fires`, async () => {
      const fired = new Set(Object.values(cases).flatMap(({ firing }) => Object.keys(firing)));
      const alerts = (await rules()).groups.flatMap((group) =>
        group.rules.map(({ alert }) => alert),
      );
      assert.deepEqual(
        alerts.filter((alert) => !fired.has(alert)),
        [],
      );
    });
  }

  it("would be seen not to fire", async () => {
    const [first] = Object.values(CASES);
    const silent = { series: {}, at: "20m", firing: first?.firing ?? {} };
    await assert.rejects(play(ofPlatform, silent), CommandFailed);
  });
});
