import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { api, signIn } from "./support/api.ts";
import { eventually } from "./support/eventually.ts";
import { kubectl, kubectlApply } from "./support/kubectl.ts";

const sample = new URL("../../crds/samples/laptop.yaml", import.meta.url);
const everything = "deploy,sts,svc,hpa,pdb,networkpolicy,job,configmap,secret,sa,pvc,pod";

/** Names of all objects of the platform, without what Kubernetes itself keeps in every namespace. */
const objects = async (): Promise<string[]> => {
  const names = await kubectl("get", everything, "-o", "name");
  const own = ["configmap/kube-root-ca.crt", "serviceaccount/default"];
  return names
    .trim()
    .split("\n")
    .filter((name) => name !== "" && !own.includes(name));
};

describe("deleting the resource", () => {
  it("leaves only the retained volumes and the Secrets that unlock them, and finds them again", async () => {
    const { token } = await signIn();
    const me = await api("GET", "/api/users/me", { token });
    assert.equal(me.status, 200, me.text);

    await kubectl("delete", "jatraplatform", "jatra", "--wait=true");
    const left = await eventually("only volumes and Secrets are left", 180_000, async () => {
      const names = await objects();
      assert.ok(
        names.every((name) => /^(persistentvolumeclaim|secret)\//.test(name)),
        names.join(" "),
      );
      return names;
    });
    assert.ok(
      left.some((name) => name.startsWith("persistentvolumeclaim/")),
      left.join(" "),
    );
    assert.ok(
      left.some((name) => name.startsWith("secret/")),
      left.join(" "),
    );

    await kubectlApply(await readFile(sample, "utf8"));
    await kubectl("wait", "jatraplatform/jatra", "--for=condition=Ready", "--timeout=110s").catch(
      () => kubectl("wait", "jatraplatform/jatra", "--for=condition=Ready", "--timeout=110s"),
    );
    await eventually("the user of before is still there", 60_000, async () => {
      const again = await api("GET", "/api/users/me", { token });
      assert.equal(again.status, 200, again.text);
      assert.equal(again.body["email"], me.body["email"]);
    });
  });
});
