import assert from "node:assert/strict";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { readSamples } from "../../metrics/read-samples.ts";

describe("reading what a process tells at /metrics", () => {
  it("has name, labels and value of each line, and no comment", () => {
    const text = [
      "# HELP gateway_rate_limited_total Requests over a limit",
      "# TYPE gateway_rate_limited_total counter",
      'gateway_rate_limited_total{policy="address",service="api-gateway"} 3',
      "process_uptime 1.5",
      'odd{text="a \\"b\\", c=\\"d\\""} 1e+21',
    ].join("\n");
    assert.deepEqual(readSamples(text), [
      {
        name: "gateway_rate_limited_total",
        labels: { policy: "address", service: "api-gateway" },
        value: 3,
      },
      { name: "process_uptime", labels: {}, value: 1.5 },
      { name: "odd", labels: { text: 'a \\"b\\", c=\\"d\\"' }, value: 1e21 },
    ]);
  });

  it("finds the requests that our own registry has counted", async () => {
    const metrics = createMetrics("api-gateway");
    const labels = { method: "GET", route: "/api/trains/:id", status: 503 };
    metrics.httpDuration.observe(labels, 0.1);
    metrics.httpDuration.observe(labels, 0.2);
    const samples = readSamples(await metrics.registry.metrics());
    const count = samples.find(({ name }) => name === "http_request_duration_seconds_count");
    assert.deepEqual(count, {
      name: "http_request_duration_seconds_count",
      labels: { method: "GET", route: "/api/trains/:id", status: "503", service: "api-gateway" },
      value: 2,
    });
  });
});
