import assert from "node:assert/strict";
import { api, signIn } from "./support/api.ts";
import { eventually } from "./support/eventually.ts";
import { kubectl, namesOf } from "./support/kubectl.ts";
import { applyLaptopSample } from "./support/laptop-sample.ts";
import { platformReady } from "./support/platform-ready.ts";

const everything = "deploy,sts,svc,hpa,pdb,networkpolicy,job,configmap,secret,sa,pvc,pod";

/** Names of all objects of the platform, without what Kubernetes itself keeps in every namespace. */
const objects = async (): Promise<string[]> => {
  const own = ["configmap/kube-root-ca.crt", "serviceaccount/default"];
  return (await namesOf(everything)).filter((name) => !own.includes(name));
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

    await applyLaptopSample();
    await platformReady(300_000);
    await eventually("the user of before is still there", 60_000, async () => {
      const again = await api("GET", "/api/users/me", { token });
      assert.equal(again.status, 200, again.text);
      assert.equal(again.body["email"], me.body["email"]);
    });
  });
});
