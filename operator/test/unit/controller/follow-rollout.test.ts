import assert from "node:assert/strict";
import { z } from "zod";
import type { RolloutStatus } from "../../../src/api/rollout.ts";
import { followRollout } from "../../../src/controller/rollout/follow-rollout.ts";
import {
  listRevisions,
  numberOf,
  readRevision,
  RevisionReader,
  templatesHash,
} from "../../../src/controller/rollout/revisions.ts";
import { desired } from "../../../src/desired/index.ts";
import { templatesOf, withPinnedImages } from "../../../src/desired/pinned-template.ts";
import { observed, type ObservedObject } from "../../../src/metadata/observed-object.ts";
import type { ApiCall, ApiClient } from "../../../src/runtime/api-client.ts";
import { ApiError } from "../../../src/runtime/api-error.ts";
import { UID } from "../../support/observed-fixture.ts";
import { contextWith, resourceWith } from "../../support/platform-fixture.ts";
import { at } from "../../support/rollout-fixture.ts";

const written = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });

/** The ControllerRevisions of an API server, and how often they were written. */
class Store {
  readonly objects = new Map<string, object>();
  writes = 0;

  readonly client: ApiClient = {
    call: async (call) => this.#answer(call),
    lines: () => assert.fail("nothing is watched here"),
    close: async () => undefined,
  };

  seen(): Map<string, ObservedObject> {
    return new Map(
      [...this.objects.values()].map((object) => {
        const revision = observed("ControllerRevision", object);
        return [`ControllerRevision/${revision.name}`, revision];
      }),
    );
  }

  numbers(): number[] {
    return [...this.seen().values()].map(numberOf).toSorted((left, right) => left - right);
  }

  delete(number: number): void {
    for (const object of this.seen().values()) {
      if (numberOf(object) === number) this.objects.delete(object.name);
    }
  }

  #answer({ method, path, body }: ApiCall): unknown {
    const name = path.split("/").at(-1) ?? "";
    if (method === "GET" && name === "controllerrevisions") {
      return { items: [...this.objects.values()] };
    }
    if (method === "GET") return this.objects.get(name) ?? assert.fail(`no ${name}`);
    this.writes += 1;
    if (method === "DELETE") {
      if (!this.objects.delete(name)) throw new ApiError(path, 404, {});
      return {};
    }
    const object = written.parse(JSON.parse(JSON.stringify(body)));
    const metadata = { ...object.metadata, uid: `uid-of-${name}`, resourceVersion: "1" };
    this.objects.set(name, { ...object, metadata });
    return this.objects.get(name);
  }
}

interface World {
  readonly store: Store;
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
  const resource = resourceWith(spec);
  const plain = contextWith(spec);
  const tag = look.operatorTag;
  const images = new Map(
    plain.platform.services.map(({ facts }) => [facts.name, `jatra/${facts.name}:${tag}`]),
  );
  const services = plain.platform.services.map((service) =>
    tag === undefined ? service : { ...service, image: images.get(service.facts.name) ?? "" },
  );
  const fresh = { ...plain, platform: { ...plain.platform, services } };
  const { store } = world;
  const seen = look.seen ?? store.seen();
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
      metadata: { ...resource.metadata, annotations: { ...look.annotations } },
      ...(world.status !== undefined && { status: { rollout: world.status } }),
    },
    fresh,
    { children: seen, pods: [], secrets: new Map(), given: new Map() },
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

describe("following a rollout", () => {
  let world: World;
  beforeEach(async () => {
    world = { store: new Store(), status: undefined };
    await follow(world);
    settle(world);
  });

  it("makes the first revision, and writes nothing more", async () => {
    const { writes } = world.store;
    const before = world.status;
    await follow(world);
    assert.deepEqual(world.store.numbers(), [1]);
    assert.equal(world.store.writes, writes);
    assert.deepEqual(world.status, before);
  });

  it("changes no template under an operator with other images", async () => {
    const { pins, fresh, platform } = await follow(world, { operatorTag: "new" });
    assert.deepEqual(world.store.numbers(), [1]);
    const children = desired({ ...fresh, platform: withPinnedImages(platform, pins), pins });
    assert.equal(templatesHash(templatesOf(children)), templatesHash(pins));
    assert.equal(platform.services[0]?.image, "jatra/api-gateway:1.2.3");
    assert.equal(platform.version, "1.2.3");
  });

  it("takes its images where somebody asks for them", async () => {
    const annotations = { "jatra.dev/upgrade": "now" };
    await follow(world, { operatorTag: "new", annotations });
    assert.deepEqual(world.store.numbers(), [1, 2]);
    assert.equal(world.status?.phase, "Rolling");
  });

  it("makes no second revision when it was killed after writing one", async () => {
    const before = world.status;
    await follow(world, { spec: withVariable("1") });
    // The status of the step was lost, and the watch hasn't brought the revision either.
    world.status = before;
    await follow(world, { spec: withVariable("1"), seen: new Map() });
    assert.deepEqual(world.store.numbers(), [1, 2]);
    assert.equal(world.status?.revision, 2);
  });

  it("uses a revision again when the spec goes back to it", async () => {
    await follow(world, { spec: withVariable("1") });
    await follow(world);
    assert.deepEqual(world.store.numbers(), [1, 2]);
    assert.equal(world.status?.revision, 1);
    assert.equal(world.status?.phase, "RollingBack");
  });

  it("names the revision that was in place when one was made, not the number before", async () => {
    await follow(world, { spec: withVariable("1") });
    settle(world);
    await follow(world);
    settle(world);
    await follow(world, { spec: withVariable("2") });
    const revisions = [...world.store.objects.values()].map(readRevision);
    assert.deepEqual(
      revisions.map(({ number, previous }) => [number, previous]),
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
    assert.deepEqual(world.store.numbers(), [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    assert.equal(world.status?.goodRevision, 1);
  });

  it("takes from the spec again what a revision held that somebody deleted", async () => {
    world.store.delete(1);
    const { pins } = await follow(world);
    assert.deepEqual(world.store.numbers(), [1]);
    assert.equal(pins.size, 17);
    assert.equal(world.status?.phase, "Installing");
  });

  it("never takes a StatefulSet's revisions for its own, nor deletes them", async () => {
    const metadata = {
      name: "postgres-1",
      uid: "u",
      resourceVersion: "1",
      labels: { "app.kubernetes.io/managed-by": "jatra-operator" },
      ownerReferences: [{ uid: "uid-of-postgres" }],
    };
    world.store.objects.set("postgres-1", { metadata, revision: 1, data: {} });
    for (let value = 1; value <= 12; value += 1) {
      await follow(world, { spec: withVariable(String(value)) });
    }
    assert.ok(world.store.objects.has("postgres-1"));
    assert.deepEqual(world.store.numbers().slice(0, 3), [0, 1, 4]);
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

  it("belongs to the platform and goes with it", () => {
    const [revision] = world.store.seen().values();
    assert.deepEqual(revision?.ownerUids, [UID]);
  });
});
