import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dashboardTexts } from "../../../dashboards/generate-dashboards.ts";
import { operatorDashboard } from "../../../dashboards/operator-dashboard.ts";
import { platformDashboard } from "../../../dashboards/platform-dashboard.ts";
import { createMetrics } from "../../../src/controller/metrics.ts";
import { alertRules } from "../../../src/desired/alert-rules.ts";
import { platformWith } from "../../support/platform-fixture.ts";

const root = new URL("../../../../", import.meta.url);
const chart = new URL("charts/jatra-operator/", root);

/** Series of RabbitMQ's own that are asked for; e2e/scenarios/monitoring.test.ts sees them on a broker. */
const OF_RABBITMQ = ["rabbitmq_queue_messages"];

/** Names that the services' code gives to metrics, found where they are made. */
function namesInServices(): string[] {
  const folder = new URL("services/", root);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /^[^/]+\/src\/.*\.ts$/.test(file),
  );
  return files.flatMap((file) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    const made = /new (?:Gauge|Counter|Histogram|Summary)(?:<[^>]*>)?\(\{\s*name: "([a-z_]+)"/g;
    return [...text.matchAll(made)].map(([, name]) => name ?? "");
  });
}

async function namesInOperator(): Promise<string[]> {
  const metrics = createMetrics();
  metrics.watchAutoscalers(() => []);
  return (await metrics.registry.getMetricsAsJSON()).map(({ name }) => name);
}

/** Words before `{`, `[` or the end of an expression's part that name a series. */
function seriesIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, '""')
    .replaceAll(/\b(?:by|without) \([^)]*\)/g, "");
  return [...bare.matchAll(/[a-z][a-z0-9_]*_[a-z0-9_]+(?![a-z0-9_]*\()/g)]
    .map(([name]) => name)
    .filter((name) => !name.startsWith("histogram_quantile"));
}

const baseOf = (series: string): string => series.replace(/_(bucket|count|sum)$/, "");

describe("the dashboards", () => {
  for (const [name, text] of dashboardTexts()) {
    it(`are committed as generated: ${name}`, async () => {
      const committed = await readFile(new URL(`dashboards/${name}`, chart), "utf8");
      assert.equal(text, committed, "run operator/dashboards/generate-dashboards.ts");
    });
  }

  it("ask for series that somebody makes, and so do the alerts", async () => {
    const made = new Set([...namesInServices(), ...(await namesInOperator()), ...OF_RABBITMQ]);
    const rulesOfChart = await readFile(new URL("templates/prometheus-rule.yaml", chart), "utf8");
    const expressions = [
      ...[platformDashboard, operatorDashboard].flatMap(({ rows }) =>
        rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => Object.values(queries))),
      ),
      ...alertRules(platformWith()).map(({ expr }) => expr),
      ...[...rulesOfChart.matchAll(/expr: (.*)$/gm)].map(([, expr]) => expr ?? ""),
    ];
    const asked = expressions.flatMap(seriesIn);
    assert.ok(asked.length > 40, `only ${asked.length} were found`);
    const unknown = asked.filter((series) => !made.has(series) && !made.has(baseOf(series)));
    assert.deepEqual([...new Set(unknown)], []);
  });

  it("would notice a series that nobody makes", () => {
    assert.deepEqual(seriesIn('sum by (le_x) (rate(no_such_total{a="b_c"}[5m])) > 0'), [
      "no_such_total",
    ]);
  });

  it("have what the guide asks for", () => {
    const titles = platformDashboard.rows.map(({ title }) => title);
    for (const wanted of [
      /replica count/i,
      /connection pool/i,
      /circuit breaker status per service/i,
      /payment processing/i,
      /seat lock success/i,
    ]) {
      assert.ok(
        titles.some((title) => wanted.test(title)),
        `${wanted}`,
      );
    }
  });
});
