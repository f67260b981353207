import assert from "node:assert/strict";
import { readConfig } from "../../src/config.ts";

const TAG = { PLATFORM_IMAGE_TAG: "1" };
const POD = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };

describe("the operator's settings", () => {
  it("find the API server as Kubernetes tells a pod", () => {
    assert.deepEqual(readConfig({ ...TAG, ...POD }).pod, {
      host: "10.96.0.1",
      port: 443,
      folder: "/var/run/secrets/kubernetes.io/serviceaccount",
    });
  });

  it("leave it to a kubeconfig outside of a pod, and where one is named", () => {
    assert.equal(readConfig(TAG).pod, undefined);
    assert.equal(readConfig({ ...TAG, ...POD, KUBECONFIG: "/some/file" }).pod, undefined);
  });

  it("are refused in one sentence that names the variable", () => {
    assert.throws(() => readConfig({ ...TAG, PORT: "none" }), /^Error: Wrong environment: PORT: /);
  });
});
