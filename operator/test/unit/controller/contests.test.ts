import assert from "node:assert/strict";
import { ApplyMemory } from "../../../src/controller/apply-memory.ts";
import { applyChild } from "../../../src/controller/apply-child.ts";
import { Contests } from "../../../src/controller/contests.ts";
import { desired } from "../../../src/desired/index.ts";
import type { ApiClient } from "../../../src/runtime/api-client.ts";
import { ApiError } from "../../../src/runtime/api-error.ts";
import { observedObject, UID } from "../../support/observed-fixture.ts";
import { contextWith } from "../../support/platform-fixture.ts";

const MINUTE_MS = 60_000;
const cause = { field: ".spec.type", message: 'conflict with "rival" using v1' };

describe("a field that a rival sets again and again", () => {
  it("is taken back five times in ten minutes, then left, and tried again later", () => {
    let nowMs = 0;
    const contests = new Contests(() => nowMs);
    for (let round = 0; round < 5; round += 1) {
      assert.equal(contests.refuse("Service/redis", [cause]), undefined);
      nowMs += MINUTE_MS;
    }
    const contest = { field: cause.field, rival: cause.message };
    assert.deepEqual(contests.refuse("Service/redis", [cause]), contest);
    nowMs = 10 * MINUTE_MS;
    assert.equal(contests.refuse("Service/redis", [cause]), undefined);
    assert.deepEqual(contests.refuse("Service/redis", [cause]), contest);
  });

  it("isn't confused with another field, rival or object", () => {
    const contests = new Contests(() => 0);
    for (let round = 0; round < 5; round += 1) contests.refuse("Service/redis", [cause]);
    const others = [
      contests.refuse("Service/other", [cause]),
      contests.refuse("Service/redis", [{ ...cause, field: ".spec.ports" }]),
      contests.refuse("Service/redis", [{ ...cause, message: 'conflict with "person"' }]),
    ];
    assert.deepEqual(others, [undefined, undefined, undefined]);
  });

  it("stops the forcing of its object, and is reported", async () => {
    const context = contextWith();
    const child =
      desired(context).find(({ manifest }) => manifest.kind === "Service") ?? assert.fail();
    const name = child.manifest.metadata.name;
    let version = 1;
    const forces: string[] = [];
    const client: ApiClient = {
      call: async ({ path, query }) => {
        if (query?.["force"] === "false") {
          throw new ApiError(path, 409, { message: "conflict", details: { causes: [cause] } });
        }
        forces.push(path);
        version += 1;
        return { metadata: { name, namespace: "jatra", uid: "u", resourceVersion: `${version}` } };
      },
      lines: () => assert.fail("nothing is watched here"),
      close: async () => undefined,
    };
    const tools = { client, memory: new ApplyMemory(), contests: new Contests(() => 0) };
    const outcomes: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      // The rival has been there again: the object isn't what our apply had made of it.
      const seen = observedObject({ kind: "Service", name, ownerUid: UID, spec: { round } });
      outcomes.push((await applyChild(tools, context.platform, child, seen)).outcome);
    }
    assert.equal(forces.length, 5);
    assert.deepEqual(outcomes.slice(5), ["contested", "contested", "contested"]);
  });
});
