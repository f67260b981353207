import assert from "node:assert/strict";
import { readRevision, templatesHash } from "../../../src/controller/rollout/revisions.ts";
import { desired } from "../../../src/desired/index.ts";
import type { Child } from "../../../src/desired/manifest.ts";
import { withPinnedImages } from "../../../src/desired/pinned-template.ts";
import { templatesOf } from "../../../src/desired/workload-template.ts";
import { secretValues } from "../../../src/desired/secrets/secret-values.ts";
import { contextWith } from "../../support/platform-fixture.ts";

const context = contextWith();
const children = desired(context);
const pins = templatesOf(children);

/** As it comes back from the API server. */
const stored = (templates: typeof pins) =>
  readRevision(
    JSON.parse(
      JSON.stringify({
        metadata: {},
        revision: 1,
        data: { version: "1", templates: Object.fromEntries(templates) },
      }),
    ),
  ).templates;

const withoutMark = (child: Child): Child => {
  const { annotations: _, ...metadata } = child.manifest.metadata;
  return { ...child, manifest: { ...child.manifest, metadata } };
};

const imageIn = (list: readonly Child[], name: string) =>
  templatesOf(list).get(name)?.spec.containers[0]?.image;

describe("pinned templates", () => {
  it("are those of every Deployment and StatefulSet", () => {
    assert.equal(pins.size, 17);
    assert.ok(pins.has("postgres") && pins.has("pgbouncer") && pins.has("api-gateway"));
  });

  it("change no object while they are today's, but for the mark", () => {
    const pinned = desired({ ...context, pins: stored(pins) });
    const plain = JSON.parse(JSON.stringify(children));
    assert.deepEqual(JSON.parse(JSON.stringify(pinned.map(withoutMark))), plain);
  });

  it("keep the pods as they were under an operator with other defaults and images", () => {
    const newer = contextWith({
      image: { tag: "9.9.9" },
      services: { booking: { resources: { requests: { cpu: "1" } } } },
      seatLocks: { ttlSeconds: 60 },
    });
    assert.notEqual(templatesHash(templatesOf(desired(newer))), templatesHash(pins));
    const platform = withPinnedImages(newer.platform, pins);
    const pinned = desired({ ...newer, platform, pins });
    assert.equal(templatesHash(templatesOf(pinned)), templatesHash(pins));
    const jobs = (list: readonly Child[]) =>
      list.flatMap(({ manifest }) => (manifest.kind === "Job" ? [manifest.metadata.name] : []));
    assert.deepEqual(jobs(pinned), jobs(children));
  });

  it("bring a service's migration along with its image, and no other's", () => {
    const newer = templatesOf(desired(contextWith({ image: { tag: "2" } })));
    const amid = new Map([...pins, ["auth-service", newer.get("auth-service") ?? assert.fail()]]);
    const platform = withPinnedImages(context.platform, amid);
    const list = desired({ ...context, platform, pins: amid });
    assert.equal(imageIn(list, "auth-service"), "jatra/auth-service:2");
    assert.equal(imageIn(list, "booking-service"), "jatra/booking-service:1.2.3");
    const before = new Set(children.map(({ manifest }) => manifest.metadata.name));
    const added = list.filter(({ manifest }) => !before.has(manifest.metadata.name));
    assert.equal(added.length, 1);
    assert.match(added[0]?.manifest.metadata.name ?? "", /^auth-service-migration-/);
    const deployment = list.find(
      ({ manifest }) => manifest.kind === "Deployment" && manifest.metadata.name === "auth-service",
    );
    const gate = { complete: "Job", name: added[0]?.manifest.metadata.name };
    assert.deepEqual(deployment?.after, [gate]);
  });

  it("still restart the pods when a password changes", () => {
    const secrets = secretValues(context.platform, new Map(), Buffer.alloc(32, 8));
    const hashes = (list: readonly Child[]) =>
      list.map(
        ({ manifest }) => JSON.stringify(manifest["spec"] ?? "").match(/config-hash":"(\w+)/)?.[1],
      );
    const before = hashes(desired({ ...context, pins }));
    const after = hashes(desired({ ...context, secrets, pins }));
    const same = before.filter((hash, index) => hash !== undefined && hash === after[index]);
    assert.deepEqual(same, []);
  });

  it("of another revision have another hash, and the same ones the same", () => {
    assert.equal(templatesHash(stored(pins)), templatesHash(pins));
    const other = templatesOf(desired(contextWith({ gateway: { guestHolds: true } })));
    assert.notEqual(templatesHash(other), templatesHash(pins));
  });
});
