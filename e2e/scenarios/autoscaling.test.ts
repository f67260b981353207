import assert from "node:assert/strict";
import { eventually } from "./support/eventually.ts";
import { jsonPath, kubectl } from "./support/kubectl.ts";
import { loadGateway } from "./support/load-gateway.ts";

/** The guide's table: minimum, maximum, CPU target in percent. */
const table: Readonly<Record<string, readonly [number, number, number]>> = {
  "api-gateway": [3, 20, 60],
  "booking-service": [3, 15, 65],
  "seat-reservation-service": [5, 20, 60],
  "auth-service": [2, 10, 70],
  "payment-service": [3, 15, 65],
  "schedule-service": [2, 10, 70],
  "ticket-service": [2, 10, 70],
  "notification-service": [2, 10, 70],
  "user-service": [2, 10, 70],
  "search-service": [2, 10, 70],
  "admin-service": [2, 10, 70],
  "reporting-service": [2, 10, 70],
};

const replicas = async (): Promise<number> =>
  Number(await jsonPath("hpa", "api-gateway", "{.status.currentReplicas}"));

describe("autoscaling", () => {
  it("has the guide's table, and every HPA is able to scale", async () => {
    await eventually("all HPAs ScalingActive", 180_000, async () => {
      for (const [name, expected] of Object.entries(table)) {
        const path =
          "{.spec.minReplicas} {.spec.maxReplicas} {.spec.metrics[0].resource.target.averageUtilization}";
        assert.equal(await jsonPath("hpa", name, path), expected.join(" "));
        const active = "{.status.conditions[?(@.type=='ScalingActive')].status}";
        assert.equal(await jsonPath("hpa", name, active), "True", `${name} is not ScalingActive`);
      }
    });
  });

  it("takes the gateway above its minimum under the guide's load, and back", async () => {
    await eventually("the gateway rests at its minimum", 300_000, async () => {
      assert.equal(await replicas(), 3);
    });
    await loadGateway("/api/trains", { requests: 10_000, atOnce: 100 });
    await eventually("more than three gateways", 120_000, async () => {
      assert.ok((await replicas()) > 3);
    });
    await eventually("three gateways again", 420_000, async () => {
      assert.equal(await replicas(), 3);
    });
    await kubectl("rollout", "status", "deployment/api-gateway", "--timeout=120s");
  });
});
