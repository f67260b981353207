import assert from "node:assert/strict";
import type { PlatformStatus } from "../../../src/api/status.ts";
import { steadyFigures } from "../../../src/status/steady-figures.ts";
import { platformWith } from "../../support/platform-fixture.ts";

const platform = platformWith();

/** A status of two services; the gateway's autoscaler aims at 60 % and lets 10 % of that above it pass. */
function statusWith(gatewayCpu: number | undefined, authCpu: number, replicas = 3): PlatformStatus {
  const service = (name: string, cpu: number | undefined) => ({
    name,
    ready: replicas,
    desired: replicas,
    updated: replicas,
    image: `jatra/${name}:1`,
    autoscaling: {
      minReplicas: 2,
      maxReplicas: 20,
      currentReplicas: replicas,
      ...(cpu !== undefined && { currentCPUUtilizationPercentage: cpu }),
    },
  });
  return { services: [service("api-gateway", gatewayCpu), service("auth-service", authCpu)] };
}

const told = statusWith(55, 30);

describe("a status whose autoscalers' figures move", () => {
  it("stays as it was told while the same follows from them", () => {
    for (const cpu of [0, 20, 54, 66]) {
      assert.deepEqual(steadyFigures(platform, statusWith(cpu, 3), told), told, `${cpu} %`);
    }
  });

  it("tells when one asks for more pods, and when it no longer does", () => {
    const high = statusWith(67, 30);
    assert.deepEqual(steadyFigures(platform, high, told), high);
    const calm = statusWith(50, 30);
    assert.deepEqual(steadyFigures(platform, calm, high), calm);
  });

  it("tells when a figure is lost, and when it is there again", () => {
    const lost = statusWith(undefined, 30);
    assert.deepEqual(steadyFigures(platform, lost, told), lost);
    assert.deepEqual(steadyFigures(platform, told, lost), told);
  });

  it("tells all figures anew together with anything else", () => {
    const scaled = statusWith(20, 3, 4);
    assert.deepEqual(steadyFigures(platform, scaled, told), scaled);
    const condition = { type: "Ready", status: "False", reason: "A", message: "b" } as const;
    const conditions = [{ ...condition, lastTransitionTime: "2026-11-22T18:00:00Z" }];
    const turned = { ...statusWith(20, 3), conditions };
    assert.deepEqual(steadyFigures(platform, turned, told), turned);
  });

  it("tells what there is when nothing was told before", () => {
    assert.deepEqual(steadyFigures(platform, told, undefined), told);
  });
});
