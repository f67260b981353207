import assert from "node:assert/strict";
import { createMetrics, resourceOf } from "../../../src/controller/metrics.ts";

describe("the count of writes", () => {
  it("goes by what is written to", () => {
    const platform = "/apis/jatra.dev/v1alpha1/namespaces/jatra/jatraplatforms/jatra";
    assert.deepEqual(
      [
        platform,
        `${platform}/status`,
        "/apis/coordination.k8s.io/v1/namespaces/jatra-system/leases",
        "/api/v1/namespaces/jatra/secrets/postgres-credentials",
        "/api/v1/namespaces/jatra",
      ].map(resourceOf),
      ["jatraplatforms", "jatraplatforms/status", "leases", "secrets", "other"],
    );
  });

  it("leaves out what only reads, and what nobody answered", async () => {
    const { called, registry } = createMetrics();
    const path = "/api/v1/namespaces/jatra/secrets/a";
    called({ method: "GET", path }, 200);
    called({ method: "PATCH", path }, 0);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"] as const) called({ method, path }, 200);
    const text = await registry.getSingleMetricAsString("jatra_api_writes_total");
    assert.match(text, /^jatra_api_writes_total\{resource="secrets"\} 4$/m);
  });
});
