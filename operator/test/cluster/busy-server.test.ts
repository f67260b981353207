import assert from "node:assert/strict";
import { z } from "zod";
import { createApiClient, type ApiClient } from "../../src/runtime/api-client.ts";
import { ApiError } from "../../src/runtime/api-error.ts";
import { createDispatcher } from "../../src/runtime/credentials.ts";
import { TcpProxy } from "./tcp-proxy.ts";
import {
  deleteIfThere,
  eventually,
  makeNamespace,
  NAMESPACE,
  testClient,
  testCredentials,
} from "./test-client.ts";

const ACCOUNT = "turned-away";
const FLOW = "/apis/flowcontrol.apiserver.k8s.io/v1";
const LEVEL = `${FLOW}/prioritylevelconfigurations/${ACCOUNT}`;
const SCHEMA = `${FLOW}/flowschemas/${ACCOUNT}`;

/** A level of priority without any room: the API server answers 429 to whoever is on it. */
const level = {
  apiVersion: "flowcontrol.apiserver.k8s.io/v1",
  kind: "PriorityLevelConfiguration",
  metadata: { name: ACCOUNT },
  spec: {
    type: "Limited",
    limited: { nominalConcurrencyShares: 0, lendablePercent: 0, limitResponse: { type: "Reject" } },
  },
};
const schema = {
  apiVersion: "flowcontrol.apiserver.k8s.io/v1",
  kind: "FlowSchema",
  metadata: { name: ACCOUNT },
  spec: {
    matchingPrecedence: 1,
    priorityLevelConfiguration: { name: ACCOUNT },
    rules: [
      {
        subjects: [
          { kind: "ServiceAccount", serviceAccount: { name: ACCOUNT, namespace: NAMESPACE } },
        ],
        nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
      },
    ],
  },
};

const issued = z.object({ status: z.object({ token: z.string() }) });

/** Every account may ask this. */
const CALL = { method: "GET", path: "/version" } as const;

describe("an API server that turns calls away", function () {
  this.timeout(60_000);
  let direct: ApiClient;
  let turnedAway: ApiClient;
  const codes: number[] = [];

  const apply = async (path: string, body: object) =>
    await direct.call({
      method: "PATCH",
      path,
      query: { fieldManager: "jatra-operator-test", force: "true" },
      contentType: "application/apply-patch+yaml",
      body,
    });

  before(async () => {
    direct = await testClient();
    await makeNamespace(direct);
    const accounts = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${ACCOUNT}`;
    await apply(accounts, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: ACCOUNT },
    });
    const answer = await direct.call({
      method: "POST",
      path: `${accounts}/token`,
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { audiences: [] },
      },
    });
    const token = issued.parse(answer).status.token;
    const { server } = await testCredentials();
    const credentials = {
      server,
      // The certificate isn't what is tested here.
      dispatcher: createDispatcher({ rejectUnauthorized: false }),
      headers: async () => ({ authorization: `Bearer ${token}` }),
    };
    turnedAway = createApiClient(credentials, (_, code) => codes.push(code));
    await turnedAway.call(CALL);
  });

  beforeEach(async () => {
    await apply(LEVEL, level);
    await apply(SCHEMA, schema);
    // Each API server hears of it by its own watch.
    await eventually("it is in force", async () => {
      codes.length = 0;
      const call = turnedAway.call({ ...CALL, deadlineMs: 500 });
      await call.catch(() => undefined);
      return codes.includes(429);
    });
    codes.length = 0;
  });

  const lift = async () => {
    await deleteIfThere(direct, SCHEMA);
    await deleteIfThere(direct, LEVEL);
  };

  after(async () => {
    await lift();
    await turnedAway.close();
    await direct.close();
  });

  it("is asked again after the time that it names, and answers in the end", async () => {
    const lifting = new Promise((resolve) => setTimeout(resolve, 1500)).then(lift);
    const startedMs = performance.now();
    await turnedAway.call(CALL);
    await lifting;
    assert.equal(codes.at(-1), 200);
    assert.ok(codes.length >= 2 && codes.slice(0, -1).every((code) => code === 429), codes.join());
    // It names one second.
    assert.ok(performance.now() - startedMs >= 1000);
  });

  it("is left alone after five tries, a second or more apart", async () => {
    const startedMs = performance.now();
    await assert.rejects(turnedAway.call(CALL), (error) => {
      assert.ok(error instanceof ApiError);
      assert.equal(error.statusCode, 429);
      return true;
    });
    assert.deepEqual(codes, [429, 429, 429, 429, 429]);
    assert.ok(performance.now() - startedMs >= 4000);
  });
});

describe("an API server that is slow", function () {
  this.timeout(60_000);

  it("is waited for as long as a call may take, and no longer", async () => {
    const { server } = await testCredentials();
    const proxy = await TcpProxy.before(server);
    const client = await testClient(proxy.url);
    try {
      await client.call(CALL);
      proxy.slowDown(300);
      await client.call(CALL);
      proxy.slowDown(20_000);
      const startedMs = performance.now();
      await assert.rejects(client.call({ ...CALL, deadlineMs: 1000 }), /timeout|aborted/i);
      const tookMs = performance.now() - startedMs;
      assert.ok(tookMs >= 950 && tookMs < 5000, `${tookMs} ms`);
    } finally {
      await proxy.cut();
      await client.close();
    }
  });
});
