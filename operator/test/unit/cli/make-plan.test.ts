import assert from "node:assert/strict";
import { makePlan, type Live, type Plan } from "../../../src/cli/plan/make-plan.ts";
import { renderPlan } from "../../../src/cli/plan/render-plan.ts";
import { createPaint } from "../../../src/cli/paint.ts";
import { childKey } from "../../../src/controller/apply-children.ts";
import type { Context } from "../../../src/desired/context.ts";
import { desired } from "../../../src/desired/index.ts";
import { observed, type ObservedObject } from "../../../src/metadata/observed-object.ts";
import { finishedJob, workload } from "../../support/observed-fixture.ts";
import { contextWith } from "../../support/platform-fixture.ts";

/** A cluster that has exactly what `context` asks for, and has finished its Jobs. */
function liveAsWantedBy(context: Context): Map<string, ObservedObject> {
  return new Map(
    desired(context).map((child) => {
      const { kind, metadata } = child.manifest;
      const identity = { uid: `uid-${kind}-${metadata.name}`, resourceVersion: "1" };
      const state =
        kind === "Job"
          ? finishedJob(metadata.name, "Complete").raw["status"]
          : workload(kind, metadata.name, 1).raw["status"];
      const object = { ...child.manifest, metadata: { ...metadata, ...identity }, status: state };
      return [childKey(child), observed(kind, object)] as const;
    }),
  );
}

function planFor(wanted: Context, objects: ReadonlyMap<string, ObservedObject>): Plan {
  const live: Live = { objects, owned: new Map(), completedJobs: new Set() };
  return makePlan(wanted, desired(wanted), live);
}

describe("a plan", () => {
  const context = contextWith();

  it("is empty where everything is as wanted", () => {
    const plan = planFor(context, liveAsWantedBy(context));
    assert.deepEqual(plan.changes, []);
    assert.equal(plan.unchanged, desired(context).length);
  });

  it("makes everything where there is nothing, and says what waits for what", () => {
    const { changes } = planFor(context, new Map());
    assert.ok(changes.every(({ action }) => action === "create"));
    const booking = changes.find(({ child }) => child === "Deployment/booking-service");
    assert.match(booking?.after[0] ?? "", /^Job\/booking-service-migration-/);
  });

  it("names the field that a changed spec changes, and the pods that start anew", () => {
    const resources = { limits: { cpu: "3" } };
    const wanted = contextWith({ services: { booking: { resources } } });
    assert.deepEqual(planFor(wanted, liveAsWantedBy(context)).changes, [
      {
        action: "change",
        child: "Deployment/booking-service",
        after: [],
        changes: [
          {
            path: "spec.template.spec.containers[booking-service].resources.limits.cpu",
            before: "1",
            after: "3",
          },
        ],
        restarts: true,
      },
    ]);
  });

  it("deletes the HPA and fixes the count when autoscaling is switched off", () => {
    const services = { search: { autoscaling: { enabled: false }, replicas: 2 } };
    const { changes } = planFor(contextWith({ services }), liveAsWantedBy(context));
    const found = changes.map(({ action, child }) => `${action} ${child}`);
    assert.ok(found.includes("change Deployment/search-service"));
    assert.ok(found.includes("delete HorizontalPodAutoscaler/search-service"));
  });

  it("never shows what is in a Secret", () => {
    const lost = liveAsWantedBy(contextWith({}, { secrets: new Map() }));
    const plan = planFor(context, lost);
    const text = [
      JSON.stringify(plan.changes.filter(({ child }) => child.startsWith("Secret/"))),
      ...renderPlan(plan, { platform: "p", notes: [], connections: "" }, createPaint(false)),
    ].join("\n");
    assert.match(text, /Secret\/jatra-admin/);
    for (const values of context.secrets.values()) {
      for (const [key, value] of Object.entries(values)) {
        if (!/password|key|token/.test(key)) continue;
        assert.ok(!text.includes(value), `${key} is shown`);
        assert.ok(!text.includes(Buffer.from(value).toString("base64")), `${key} is shown`);
      }
    }
  });

  it("leaves somebody else's object of a child's name alone", () => {
    const objects = liveAsWantedBy(context);
    const foreign = {
      metadata: { name: "jatra-services", namespace: "jatra", uid: "x", resourceVersion: "1" },
    };
    objects.set("ConfigMap/jatra-services", observed("ConfigMap", foreign));
    const [change] = planFor(context, objects).changes;
    assert.deepEqual([change?.action, change?.child], ["foreign", "ConfigMap/jatra-services"]);
  });

  it("is read like a diff", () => {
    const plan: Plan = {
      changes: [
        { action: "create", child: "Job/b", after: ["Job/a"], changes: [], restarts: false },
        {
          action: "change",
          child: "Deployment/c",
          after: [],
          changes: [{ path: "spec.template.x", before: "1", after: "2" }],
          restarts: true,
        },
        { action: "delete", child: "ConfigMap/d", after: [], changes: [], restarts: false },
      ],
      unchanged: 7,
    };
    const heading = { platform: "jatra/jatra", notes: [], connections: "978 of 1000" };
    assert.deepEqual(renderPlan(plan, heading, createPaint(false)), [
      "jatra/jatra  978 of 1000",
      "",
      "+ Job/b  after Job/a",
      "",
      "~ Deployment/c",
      '    spec.template.x: "1" → "2"',
      "",
      "- ConfigMap/d",
      "",
      "New pods, one after another: Deployment/c.",
      "Plan: 1 to make, 1 to change, 1 to delete; 7 as wanted.",
    ]);
  });
});
