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

/** A field that the operator sets, changed without a new pod. Volumes' and Jobs' can't be changed. */
const EDITS: Readonly<Record<string, { readonly path: string; readonly value: unknown }>> = {
  "configmap/jatra-services": { path: "/data/AUTH_SERVICE_URL", value: "http://elsewhere" },
  "service/user-service": { path: "/spec/ports/0/port", value: 9_999 },
  "serviceaccount/user-service": { path: "/automountServiceAccountToken", value: true },
  "horizontalpodautoscaler/api-gateway": { path: "/spec/maxReplicas", value: 3 },
  "poddisruptionbudget/api-gateway": { path: "/spec/maxUnavailable", value: 2 },
  "networkpolicy/user-service": { path: "/spec/ingress/0/ports/0/port", value: 9_999 },
  "deployment/user-service": { path: "/spec/revisionHistoryLimit", value: 1 },
  "secret/pgbouncer-userlist": { path: "/data/userlist.txt", value: "IiI=" },
};

/** What the design promises on a quiet machine (2 s), and room for a busy one. */
const REPAIRED_MS = 10_000;

describe("every kind of owned child, changed by hand", () => {
  for (const [object, { path, value }] of Object.entries(EDITS)) {
    it(`is put right: ${object}`, async () => {
      const field = `jsonpath={${path
        .replaceAll(/\/(\d+)/g, "[$1]")
        .replace(".txt", "\\.txt")
        .replaceAll("/", ".")}}`;
      const look = () => kubectl("get", object, "-o", field);
      const wanted = await look();
      const operation = [{ op: "replace", path, value }];
      const startedMs = performance.now();
      await kubectl("patch", object, "--type=json", "-p", JSON.stringify(operation));
      const changedMs = performance.now();
      await eventually(`${object} is as it was`, REPAIRED_MS, async () => {
        assert.equal(await look(), wanted);
      });
      const seen = Math.round(performance.now() - changedMs);
      console.log(
        `      seen ${seen} ms after a change that took ${Math.round(changedMs - startedMs)} ms`,
      );
    });
  }
});

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
