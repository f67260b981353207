import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { alertRules } from "../../../operator/src/desired/alert-rules.ts";
import { contextWith, sampleSpec } from "../../../operator/test/support/platform-fixture.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const sourcesOf = (pattern: string): string =>
  globSync(pattern, { cwd: root })
    .map((file) => readFileSync(`${root}${file}`, "utf8"))
    .join("\n");

/** The broker's own, with metrics a queue (e2e/images/rabbitmq). */
const brokerMetrics: readonly string[] = ["rabbitmq_queue_messages"];
/** The operator's figures of autoscalers are made with one prefix. */
const withoutPrefix = (name: string): string => name.replace(/^jatra_hpa_/, "");

describe("alert rules", () => {
  const rules = alertRules(contextWith(sampleSpec("minimal")).platform);
  const services = sourcesOf("services/*/src/**/*.ts");

  it("are on metrics that somebody exports", () => {
    const exported = services + sourcesOf("operator/src/**/*.ts");
    const named = rules.flatMap(({ expr }) =>
      [...expr.matchAll(/([a-z_]+)\{/g)].map(([, name]) => name),
    );
    assert.ok(named.length >= rules.length);
    const unknown = named.filter(
      (name = "") =>
        !brokerMetrics.includes(name) && !exported.includes(`"${withoutPrefix(name)}"`),
    );
    assert.deepEqual(unknown, []);
  });

  it("cover I1 to I9: each is looked at by a service, and anything but 0 alerts at once", () => {
    const counted = new Set([...services.matchAll(/"(I\d)"/g)].map(([, name]) => name));
    const uncounted = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((number) => !counted.has(`I${number}`));
    assert.deepEqual(uncounted, []);
    const rule = rules.find(({ alert }) => alert === "JatraInvariantViolated");
    assert.match(rule?.expr ?? "", /jatra_invariant_violations\{[^}]*\}\) > 0$/);
    assert.equal(rule?.for, "0m");
  });

  it("say when nobody reads a queue", () => {
    assert.ok(rules.some(({ expr }) => /rabbitmq_consumers\{.*\}\) == 0$/.test(expr)));
  });
});
