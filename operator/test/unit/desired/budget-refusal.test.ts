import assert from "node:assert/strict";
import { affordable, budgetRefusal } from "../../../src/desired/budget-refusal.ts";
import { desired } from "../../../src/desired/index.ts";
import { contextWith, platformWith, sampleSpec } from "../../support/platform-fixture.ts";

const keys = (children: ReturnType<typeof desired>) =>
  children.map(({ manifest }) => `${manifest.kind}/${manifest.metadata.name}`);

describe("a connection budget that can't fit", () => {
  const greedy = { services: { "seat-reservation": { autoscaling: { maxReplicas: 60 } } } };

  for (const sample of ["minimal", "laptop", "production"]) {
    it(`isn't asked for by the sample ${sample}`, () => {
      assert.equal(budgetRefusal(platformWith(sampleSpec(sample))), undefined);
    });
  }

  it("is refused with the numbers and the fields to change", () => {
    assert.deepEqual(budgetRefusal(platformWith(greedy)), {
      reason: "TooManyClients",
      message:
        "At their maxima the services need 1298 of 1000 client connections: " +
        "lower autoscaling.maxReplicas or raise pgbouncer.maxClientConnections.",
    });
    const pgbouncer = { replicas: 8 };
    assert.equal(budgetRefusal(platformWith({ pgbouncer }))?.reason, "TooFewServerConnections");
  });

  it("holds back what opens connections, and nothing else", () => {
    const context = contextWith(greedy);
    const all = desired(context);
    const kept = new Set(keys([...affordable(context.platform, all)]));
    const held = keys(all).filter((key) => !kept.has(key));
    const services = context.platform.services.map(({ facts }) => facts.name);
    assert.deepEqual(held.toSorted(), [
      "ConfigMap/pgbouncer-config",
      ...["pgbouncer", ...services].map((name) => `Deployment/${name}`).toSorted(),
      ...keys(all)
        .filter((key) => key.startsWith("HorizontalPodAutoscaler/"))
        .toSorted(),
    ]);
    assert.ok(kept.has("Deployment/redis"));
  });

  it("holds back nothing where it fits", () => {
    const context = contextWith();
    const all = desired(context);
    assert.equal(affordable(context.platform, all), all);
  });
});
