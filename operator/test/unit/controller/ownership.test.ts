import assert from "node:assert/strict";
import { mayApply } from "../../../src/controller/gates.ts";
import { belongsTo } from "../../../src/controller/ownership.ts";
import { surplus } from "../../../src/controller/prune.ts";
import { olderPlatform } from "../../../src/controller/second-platform.ts";
import { desired } from "../../../src/desired/index.ts";
import {
  byKey,
  finishedJob,
  observedObject,
  UID,
  workload,
} from "../../support/observed-fixture.ts";
import { contextWith, platformWith } from "../../support/platform-fixture.ts";

describe("ownership", () => {
  const platform = platformWith();

  it("is told by the owner, also when the labels were taken off", () => {
    const object = observedObject({ kind: "Service", name: "x", ownerUid: UID, labels: {} });
    assert.equal(belongsTo(platform, object), true);
  });

  it("is told by the labels for what is retained and adopted again", () => {
    assert.equal(belongsTo(platform, observedObject({ kind: "Secret", name: "x" })), true);
  });

  it("isn't claimed of somebody else's object", () => {
    const foreign = observedObject({ kind: "Service", name: "redis-service", labels: {} });
    assert.equal(belongsTo(platform, foreign), false);
    const helms = { "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "jatra" };
    const other = observedObject({ kind: "Service", name: "redis-service", labels: helms });
    assert.equal(belongsTo(platform, other), false);
  });
});

describe("pruning", () => {
  const context = contextWith();
  const children = desired(context);

  it("takes what the platform owns and no longer wants", () => {
    const old = finishedJob("auth-service-migration-0000000000", "Complete");
    assert.deepEqual(surplus(context.platform, children, byKey([old])), [old]);
  });

  it("leaves what is wanted", () => {
    const wanted = workload("Deployment", "auth-service", 2);
    assert.deepEqual(surplus(context.platform, children, byKey([wanted])), []);
  });

  it("leaves retained volumes and Secrets, which have no owner", () => {
    const volume = observedObject({ kind: "PersistentVolumeClaim", name: "data-of-before" });
    assert.deepEqual(surplus(context.platform, children, byKey([volume])), []);
  });

  it("leaves what belongs to another platform", () => {
    const other = observedObject({ kind: "Service", name: "x", ownerUid: "another" });
    assert.deepEqual(surplus(context.platform, children, byKey([other])), []);
  });
});

describe("gates", () => {
  const children = desired(contextWith());
  const childOf = (kind: string, prefix: string) =>
    children.find(
      ({ manifest }) => manifest.kind === kind && manifest.metadata.name.startsWith(prefix),
    ) ?? assert.fail(`${kind} ${prefix}`);
  const nameOf = (prefix: string) => childOf("Job", prefix).manifest.metadata.name;

  it("hold the bootstrap Job until PostgreSQL answers", () => {
    const job = childOf("Job", "database-bootstrap");
    assert.equal(mayApply(job, byKey([workload("StatefulSet", "postgres", 0)])), false);
    assert.equal(mayApply(job, byKey([workload("StatefulSet", "postgres", 1)])), true);
  });

  it("hold migrations until databases and roles are there", () => {
    const job = childOf("Job", "auth-service-migration");
    const bootstrap = nameOf("database-bootstrap");
    assert.equal(mayApply(job, byKey([finishedJob(bootstrap, "Failed")])), false);
    assert.equal(mayApply(job, byKey([finishedJob(bootstrap, "Complete")])), true);
  });

  it("hold a Deployment until its own migration is complete", () => {
    const auth = childOf("Deployment", "auth-service");
    const others = byKey([finishedJob(nameOf("user-service-migration"), "Complete")]);
    const own = byKey([finishedJob(nameOf("auth-service-migration"), "Complete")]);
    assert.equal(mayApply(auth, others), false);
    assert.equal(mayApply(auth, own), true);
  });

  it("hold nothing back for a Job that did its work and was deleted since", () => {
    const auth = childOf("Deployment", "auth-service");
    const done = nameOf("auth-service-migration");
    assert.equal(mayApply(auth, byKey([]), new Set([done])), true);
    assert.equal(mayApply(auth, byKey([]), new Set([nameOf("user-service-migration")])), false);
  });

  it("never hold the gateway, which has no database", () => {
    assert.equal(mayApply(childOf("Deployment", "api-gateway"), byKey([])), true);
  });
});

describe("a second platform in a namespace", () => {
  const platformObject = (name: string, uid: string, creationTimestamp: string) =>
    ({
      ...observedObject({ kind: "JatraPlatform", name, uid }),
      raw: { metadata: { creationTimestamp } },
    }) as const;
  const first = platformObject("jatra", "1", "2026-11-22T10:00:00Z");
  const second = platformObject("another", "2", "2026-11-22T11:00:00Z");

  it("is told of the first", () => {
    assert.equal(olderPlatform([second, first], second), "jatra");
  });

  it("doesn't bother the first", () => {
    assert.equal(olderPlatform([second, first], first), undefined);
  });
});
