import assert from "node:assert/strict";
import { eventually } from "./support/eventually.ts";
import { jsonPath, kubectl } from "./support/kubectl.ts";

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

const owned = async (kind: string): Promise<string[]> => {
  const selector = "app.kubernetes.io/managed-by=jatra-operator";
  const names = await kubectl("get", kind, "-l", selector, "-o", "name");
  return names.trim().split("\n").filter(Boolean);
};

const uidOf = (object: string): Promise<string> =>
  kubectl("get", object, "-o", "jsonpath={.metadata.uid}");

/** Deletes one object and waits for another of the same name; answers the time it was gone, in ms. */
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
    await eventually("Ready again", 300_000, async () => {
      const path = "{.status.conditions[?(@.type=='Ready')].status}";
      assert.equal(await jsonPath("jatraplatform", "jatra", path), "True");
    });
  });
});
