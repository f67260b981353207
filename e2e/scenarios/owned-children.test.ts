import assert from "node:assert/strict";
import { eventually } from "./support/eventually.ts";
import { kubectl, namesOf } from "./support/kubectl.ts";
import { platformReady } from "./support/platform-ready.ts";

/** Kinds that the operator owns and that carry no data: each object of each kind is deleted once. */
const kinds = [
  "configmap",
  "service",
  "serviceaccount",
  "horizontalpodautoscaler",
  "poddisruptionbudget",
  "networkpolicy",
  // Before the stores: a Job is only made while its database answers.
  "job",
  "deployment",
  "statefulset",
] as const;

const owned = (kind: string): Promise<string[]> =>
  namesOf(kind, "-l", "app.kubernetes.io/managed-by=jatra-operator");

const uidOf = (object: string): Promise<string> =>
  kubectl("get", object, "-o", "jsonpath={.metadata.uid}");

/** Deletes one object and waits for another of the same name. */
const comesBack = async (object: string): Promise<void> => {
  const before = await uidOf(object);
  await kubectl("delete", object, "--wait=false");
  await eventually(`${object} comes back`, 60_000, async () => {
    assert.notEqual(await uidOf(object), before);
  });
};

describe("every owned child, deleted once", () => {
  for (const kind of kinds) {
    it(`comes back: each ${kind}`, async () => {
      const objects = await owned(kind);
      assert.ok(objects.length > 0, `the operator owns no ${kind}`);
      await Promise.all(objects.map(comesBack));
    });
  }

  it("and the platform is Ready again", async () => {
    await platformReady(300_000);
  });
});
