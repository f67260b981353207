import assert from "node:assert/strict";
import { z } from "zod";
import { desired } from "../../../src/desired/index.ts";
import { contextWith } from "../../support/platform-fixture.ts";

const KINDS = new Set(["ServiceMonitor", "PrometheusRule"]);
const monitor = z.object({
  spec: z.object({
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    endpoints: z.array(z.record(z.string(), z.unknown())),
  }),
});

const made = (spec: unknown, monitoringKinds: ReadonlySet<string>) =>
  desired(contextWith(spec, { monitoringKinds }))
    .map(({ manifest }) => manifest)
    .filter(({ kind }) => KINDS.has(kind));

describe("monitors", () => {
  it("are made of the kinds that the cluster knows, and of none where it is switched off", () => {
    const kinds = (known: readonly string[], spec: unknown = {}) => [
      ...new Set(made(spec, new Set(known)).map(({ kind }) => kind)),
    ];
    assert.deepEqual(kinds([]), []);
    assert.deepEqual(kinds(["PrometheusRule"]), ["PrometheusRule"]);
    assert.deepEqual(kinds(["ServiceMonitor", "PrometheusRule"]), [
      "ServiceMonitor",
      "PrometheusRule",
    ]);
    assert.deepEqual(kinds([...KINDS], { monitoring: { enabled: false } }), []);
  });

  it("keep labels that a metric brings along, and read each queue of the broker", () => {
    const endpoints = new Map(
      made({}, new Set(["ServiceMonitor"])).map(({ metadata, ...rest }) => [
        metadata.name,
        monitor.parse(rest).spec.endpoints,
      ]),
    );
    const http = { port: "http", path: "/metrics", interval: "30s", honorLabels: true };
    assert.deepEqual(endpoints.get("api-gateway"), [http]);
    const broker = { ...http, port: "metrics", path: "/metrics/per-object" };
    assert.deepEqual(endpoints.get("rabbitmq"), [broker]);
    assert.equal(endpoints.size, 14);
  });

  it("carry the labels that a Prometheus selects by", () => {
    const spec = { monitoring: { labels: { release: "prometheus" } } };
    for (const { metadata } of made(spec, KINDS)) {
      assert.equal(metadata.labels["release"], "prometheus", metadata.name);
    }
  });
});
