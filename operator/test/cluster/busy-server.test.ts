import assert from "node:assert/strict";
import { z } from "zod";
import { createApiClient, type ApiClient } from "../../src/runtime/api-client.ts";
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

/** A level of priority with room for one call at a time: the API server answers 429 to all others on it. */
const level = {
  apiVersion: "flowcontrol.apiserver.k8s.io/v1",
  kind: "PriorityLevelConfiguration",
  metadata: { name: ACCOUNT },
  spec: {
    type: "Limited",
    limited: {
      nominalConcurrencyShares: 0,
      lendablePercent: 0,
      borrowingLimitPercent: 0,
      limitResponse: { type: "Reject" },
    },
  },
};
const schema = {
  apiVersion: "flowcontrol.apiserver.k8s.io/v1",
  kind: "FlowSchema",
  metadata: { name: ACCOUNT },
  spec: {
    // Before all others; the first is kept for whom nothing limits.
    matchingPrecedence: 2,
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

/** At once: a few milliseconds each, and asked again within a quarter of a second that is drawn. */
const CALLS = 12;
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

  const atOnce = (): Promise<number>[] =>
    Array.from({ length: CALLS }, async () => {
      const startedMs = performance.now();
      await turnedAway.call(CALL);
      return performance.now() - startedMs;
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
    await apply(LEVEL, level);
    await apply(SCHEMA, schema);
    // The API server hears of it by its own watch.
    await eventually(
      "it is in force",
      async () => {
        await Promise.allSettled(atOnce());
        return codes.includes(429);
      },
      30_000,
    );
  });

  after(async () => {
    await deleteIfThere(direct, SCHEMA);
    await deleteIfThere(direct, LEVEL);
    await turnedAway.close();
    await direct.close();
  });

  it("is asked again after the time that it names, until it has answered each", async () => {
    let tookMs: number[] = [];
    // Whether two of them meet in the API server is up to chance.
    const someTurnedAway = async () => {
      codes.length = 0;
      tookMs = await Promise.all(atOnce());
      return codes.includes(429);
    };
    await eventually("some are turned away", someTurnedAway, 40_000);
    const turnedAwayCount = codes.filter((code) => code === 429).length;
    assert.equal(codes.filter((code) => code === 200).length, CALLS);
    assert.equal(codes.length, CALLS + turnedAwayCount);
    // It names one second: whoever was turned away has waited for it.
    assert.ok(Math.max(...tookMs) >= 1000, tookMs.join());
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
