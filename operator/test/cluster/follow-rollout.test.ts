import assert from "node:assert/strict";
import type { RolloutStatus } from "../../src/api/rollout.ts";
import { followRollout } from "../../src/controller/rollout/follow-rollout.ts";
import {
  listRevisions,
  readRevision,
  RevisionReader,
  templatesHash,
} from "../../src/controller/rollout/revisions.ts";
import { desired } from "../../src/desired/index.ts";
import { withPinnedImages } from "../../src/desired/pinned-template.ts";
import { templatesOf } from "../../src/desired/workload-template.ts";
import type { ObservedObject } from "../../src/metadata/observed-object.ts";
import type { ApiClient } from "../../src/runtime/api-client.ts";
import { serverSideApply } from "../../src/runtime/server-side-apply.ts";
import { contextWith, resourceWith } from "../support/platform-fixture.ts";
import { at } from "../support/rollout-fixture.ts";
import { makeOwner, OWNER_NAMESPACE, removeOwner } from "./owner.ts";
import { RevisionStore } from "./revision-store.ts";
import { deleteIfThere, eventually, testClient } from "./test-client.ts";

const MANAGER = { fieldManager: "jatra-operator-test", force: true };

interface World {
  readonly store: RevisionStore;
  /** Of the resource that the revisions belong to. */
  readonly uid: string;
  status: RolloutStatus | undefined;
}

interface Look {
  readonly spec?: object;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The defaults that the operator came with. */
  readonly operatorTag?: string;
  /** What the watch has brought so far; everything without it. */
  readonly seen?: ReadonlyMap<string, ObservedObject>;
}

/** One run of the operator; its step is kept, as the status would. */
async function follow(world: World, look: Look = {}) {
  const spec = look.spec ?? {};
  const { store, uid } = world;
  const resource = resourceWith(spec);
  const metadata = { ...resource.metadata, namespace: OWNER_NAMESPACE, uid };
  const plain = contextWith(spec);
  const tag = look.operatorTag;
  const images = new Map(
    plain.platform.services.map(({ facts }) => [facts.name, `jatra/${facts.name}:${tag}`]),
  );
  const services = plain.platform.services.map((service) =>
    tag === undefined ? service : { ...service, image: images.get(service.facts.name) ?? "" },
  );
  const fresh = {
    ...plain,
    platform: { ...plain.platform, namespace: OWNER_NAMESPACE, uid, services },
  };
  const followed = await followRollout(
    {
      client: store.client,
      revisions: new RevisionReader(store.client),
      listRevisions: async () => await listRevisions(store.client, fresh.platform),
      learn: () => undefined,
      readGates: async () => undefined,
      now: () => at(0),
    },
    {
      ...resource,
      metadata: { ...metadata, annotations: { ...look.annotations } },
      ...(world.status !== undefined && { status: { rollout: world.status } }),
    },
    fresh,
    { children: look.seen ?? (await store.seen()), pods: [], secrets: new Map(), given: new Map() },
  );
  world.status = followed.rollout;
  return { ...followed, fresh };
}

const settle = (world: World) => {
  assert.ok(world.status);
  const { wish, revision } = world.status;
  const message = `Revision ${revision} is in place.`;
  world.status = { wish, revision, goodRevision: revision, phase: "Settled", message };
};

const withVariable = (value: string) => ({
  services: { auth: { env: [{ name: "A", value }] } },
});

describe("following a rollout on a real API server", function () {
  this.timeout(60_000);
  let client: ApiClient;
  let uid: string;
  let world: World;

  before(async () => {
    client = await testClient();
    uid = await makeOwner(client);
  });
  beforeEach(async () => {
    const store = new RevisionStore(client, OWNER_NAMESPACE);
    await store.delete(...(await store.numbers()).filter((number) => number > 0));
    world = { store, uid, status: undefined };
    await follow(world);
    settle(world);
  });
  after(async () => {
    await removeOwner(client);
    await deleteIfThere(client, statefulSetPath);
    await client.close();
  });

  it("makes the first revision, and writes nothing more", async () => {
    const { writes } = world.store;
    const before = world.status;
    await follow(world);
    assert.deepEqual(await world.store.numbers(), [1]);
    assert.equal(world.store.writes, writes);
    assert.deepEqual(world.status, before);
  });

  it("changes no template under an operator with other images", async () => {
    const { pins, fresh, platform } = await follow(world, { operatorTag: "new" });
    assert.deepEqual(await world.store.numbers(), [1]);
    const children = desired({ ...fresh, platform: withPinnedImages(platform, pins), pins });
    assert.equal(templatesHash(templatesOf(children)), templatesHash(pins));
    assert.equal(platform.services[0]?.image, "jatra/api-gateway:1.2.3");
    assert.equal(platform.version, "1.2.3");
  });

  it("takes its images where somebody asks for them", async () => {
    const annotations = { "jatra.dev/upgrade": "now" };
    await follow(world, { operatorTag: "new", annotations });
    assert.deepEqual(await world.store.numbers(), [1, 2]);
    assert.equal(world.status?.phase, "Rolling");
  });

  it("makes no second revision when it was killed after writing one", async () => {
    const before = world.status;
    await follow(world, { spec: withVariable("1") });
    // The status of the step was lost, and the watch hasn't brought the revision either.
    world.status = before;
    await follow(world, { spec: withVariable("1"), seen: new Map() });
    assert.deepEqual(await world.store.numbers(), [1, 2]);
    assert.equal(world.status?.revision, 2);
  });

  it("uses a revision again when the spec goes back to it", async () => {
    await follow(world, { spec: withVariable("1") });
    await follow(world);
    assert.deepEqual(await world.store.numbers(), [1, 2]);
    assert.equal(world.status?.revision, 1);
    assert.equal(world.status?.phase, "RollingBack");
  });

  it("names the revision that was in place when one was made, not the number before", async () => {
    await follow(world, { spec: withVariable("1") });
    settle(world);
    await follow(world);
    settle(world);
    await follow(world, { spec: withVariable("2") });
    const revisions = (await world.store.all()).map(readRevision);
    assert.deepEqual(
      revisions
        .map(({ number, previous }) => [number, previous] as const)
        .toSorted(([left], [right]) => left - right),
      [
        [1, undefined],
        [2, 1],
        [3, 1],
      ],
    );
  });

  it("keeps ten revisions, and the good one however old it is", async () => {
    for (let value = 1; value <= 12; value += 1) {
      await follow(world, { spec: withVariable(String(value)) });
    }
    assert.deepEqual(await world.store.numbers(), [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    assert.equal(world.status?.goodRevision, 1);
  });

  it("takes from the spec again what a revision held that somebody deleted", async () => {
    await world.store.delete(1);
    const { pins } = await follow(world);
    assert.deepEqual(await world.store.numbers(), [1]);
    assert.equal(pins.size, 17);
    assert.equal(world.status?.phase, "Installing");
  });

  it("never takes a StatefulSet's revisions for its own, nor deletes them", async () => {
    await serverSideApply(client, statefulSet, MANAGER);
    await eventually("the StatefulSet's own revision", async () =>
      (await world.store.numbers()).includes(0),
    );
    for (let value = 1; value <= 12; value += 1) {
      await follow(world, { spec: withVariable(String(value)) });
    }
    assert.deepEqual((await world.store.numbers()).slice(0, 3), [0, 1, 4]);
    await deleteIfThere(client, statefulSetPath);
    await eventually("its revision goes with it", async () =>
      (await world.store.numbers()).every((number) => number > 0),
    );
  });

  it("changes nothing while the platform is paused", async () => {
    const before = world.status;
    const { writes } = world.store;
    await follow(world, { spec: { ...withVariable("1"), paused: true } });
    assert.deepEqual(world.status, before);
    assert.equal(world.store.writes, writes);
    await follow(world, { spec: withVariable("1") });
    assert.equal(world.status?.phase, "Rolling");
  });

  it("goes back on request, for that spec alone", async () => {
    await follow(world, { spec: withVariable("1") });
    settle(world);
    const annotations = { "jatra.dev/rollback": `1/${world.status?.wish}/1` };
    await follow(world, { spec: withVariable("1"), annotations });
    assert.equal(world.status?.revision, 1);
    assert.equal(world.status?.rejectedRevision, 2);
    await follow(world, { spec: withVariable("2"), annotations });
    assert.equal(world.status?.revision, 3);
    const foreign = { "jatra.dev/rollback": `9/${world.status?.wish}/1` };
    await follow(world, { spec: withVariable("2"), annotations: foreign });
    assert.equal(world.status?.revision, 3);
  });

  it("takes the pool's settings back with the pods, and follows the next spec again", async () => {
    const spec = {
      ...withVariable("1"),
      pgbouncer: { poolMode: "session", maxServerConnections: 40 },
    };
    const tried = await follow(world, { spec });
    assert.equal(tried.platform.pgbouncer.poolMode, "session");
    settle(world);
    const annotations = { "jatra.dev/rollback": `1/${world.status?.wish}/1` };
    const back = await follow(world, { spec, annotations });
    assert.equal(back.rollout.phase, "RollingBack");
    assert.equal(back.platform.pgbouncer.poolMode, "transaction");
    assert.equal(back.platform.pgbouncer.maxServerConnections, 100);
    const next = { ...spec, pgbouncer: { maxServerConnections: 50 } };
    const { platform } = await follow(world, { spec: next, annotations });
    assert.equal(platform.pgbouncer.maxServerConnections, 50);
  });

  it("is in place at once where only the pool's settings are others", async () => {
    await follow(world, { spec: { pgbouncer: { maxServerConnections: 50 } } });
    assert.deepEqual(await world.store.numbers(), [1, 2]);
    assert.equal(world.status?.phase, "Settled");
  });

  it("belongs to the platform and goes with it", async () => {
    const revisions = [...(await world.store.seen()).values()];
    assert.deepEqual(
      revisions.map(({ ownerUids }) => ownerUids),
      [[uid]],
    );
    await removeOwner(client);
    // The collector looks for kinds that are new to it every 30 s.
    const isGone = async () => (await world.store.numbers()).length === 0;
    await eventually("it is collected", isGone, 45_000);
    uid = await makeOwner(client);
  });
});

/** Labels of ours on the pods: its controller copies them to the revisions it makes. No pod is wanted. */
const labels = {
  app: "postgres",
  "app.kubernetes.io/managed-by": "jatra-operator",
  "app.kubernetes.io/instance": "jatra",
};
const statefulSet = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "postgres", namespace: OWNER_NAMESPACE },
  spec: {
    replicas: 0,
    serviceName: "postgres",
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: "none", image: "none" }] },
    },
  },
};
const statefulSetPath = `/apis/apps/v1/namespaces/${OWNER_NAMESPACE}/statefulsets/postgres`;
