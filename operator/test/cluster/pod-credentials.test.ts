import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { createApiClient, type ApiClient } from "../../src/runtime/api-client.ts";
import { podCredentials } from "../../src/runtime/pod-credentials.ts";
import { testClient, testCredentials } from "./test-client.ts";

const issued = z.object({ status: z.object({ token: z.string() }) });
const rootCertificate = z.object({ data: z.object({ "ca.crt": z.string() }) });
const review = z.object({ status: z.object({ userInfo: z.object({ username: z.string() }) }) });
const authentication = "authentication.k8s.io/v1";

describe("the way in for a pod, on a real API server", () => {
  let client: ApiClient;
  let folder: string;
  before(async () => {
    client = await testClient();
    folder = await mkdtemp(join(tmpdir(), "jatra-service-account-"));
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await client.close();
  });

  it("is its ServiceAccount's", async () => {
    // Every cluster has this account, and nobody gives it rights.
    const inNamespace = "/api/v1/namespaces/default";
    const certificate = await client.call({
      method: "GET",
      path: `${inNamespace}/configmaps/kube-root-ca.crt`,
    });
    const token = await client.call({
      method: "POST",
      path: `${inNamespace}/serviceaccounts/default/token`,
      body: { apiVersion: authentication, kind: "TokenRequest", spec: {} },
    });
    await writeFile(join(folder, "ca.crt"), rootCertificate.parse(certificate).data["ca.crt"]);
    await writeFile(join(folder, "token"), `${issued.parse(token).status.token}\n`);
    const { hostname, port } = new URL((await testCredentials()).server);
    const credentials = await podCredentials({ host: hostname, port: Number(port), folder });
    const pod = createApiClient(credentials, () => undefined);
    const answer = await pod.call({
      method: "POST",
      path: `/apis/${authentication}/selfsubjectreviews`,
      body: { apiVersion: authentication, kind: "SelfSubjectReview" },
    });
    const { username } = review.parse(answer).status.userInfo;
    assert.equal(username, "system:serviceaccount:default:default");
    await pod.close();
  });
});
