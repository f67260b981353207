import assert from "node:assert/strict";
import { kindNamed, objectPath } from "../../src/metadata/resource-kinds.ts";
import type { ObservedObject } from "../../src/metadata/observed-object.ts";
import type { ApiClient } from "../../src/runtime/api-client.ts";
import { Reflector, type ReflectorOptions } from "../../src/runtime/reflector.ts";
import { serverSideApply } from "../../src/runtime/server-side-apply.ts";
import { restartApiServer } from "./restart-api-server.ts";
import { TcpProxy } from "./tcp-proxy.ts";
import {
  deleteIfThere,
  eventually,
  makeNamespace,
  NAMESPACE,
  recorded,
  testClient,
  testCredentials,
} from "./test-client.ts";

const APP = "followed";
const kind = kindNamed("ConfigMap");
const names = ["a", "b", "c", "elsewhere"];

describe("a reflector on a real API server", () => {
  let direct: ApiClient;
  let proxy: TcpProxy;
  let proxied: ApiClient;
  let stop: AbortController;

  before(async () => {
    direct = await testClient();
    await makeNamespace(direct);
    proxy = await TcpProxy.before((await testCredentials()).server);
  });
  beforeEach(async () => {
    for (const name of names) await remove(name);
    proxied = await testClient(proxy.url);
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await proxied.close();
  });
  after(async () => {
    for (const name of names) await remove(name);
    await proxy.cut();
    await direct.close();
  });

  const write = async (name: string, value: string, app = APP): Promise<ObservedObject> => {
    const metadata = { name, namespace: NAMESPACE, labels: { app } };
    const manifest = { apiVersion: "v1", kind: kind.kind, metadata, data: { value } };
    const options = { fieldManager: "jatra-operator-test", force: true };
    return await serverSideApply(direct, manifest, options);
  };

  const remove = async (name: string) =>
    await deleteIfThere(direct, objectPath(kind, NAMESPACE, name));

  /** A running reflector, through the proxy; what it asked for, and whom it told of. */
  const follow = async (limits: ReflectorOptions["limits"] = {}) => {
    const { client, calls } = recorded(proxied);
    const changes: string[] = [];
    const reflector = new Reflector({
      client,
      kind,
      namespace: NAMESPACE,
      selector: { labelSelector: `app=${APP}` },
      onChange: ({ name }) => changes.push(name),
      onError: () => undefined,
      limits,
    });
    void reflector.run(stop.signal);
    await eventually("the first list", () => reflector.synced);
    const watches = () => calls.filter(({ query }) => query?.["watch"] === "true");
    const lists = () => calls.filter(({ query }) => query?.["watch"] === undefined);
    await eventually("a watch", () => watches().length > 0);
    return { reflector, changes, watches, lists };
  };

  const known = (reflector: Reflector) => [...reflector.all()].map(({ name }) => name);
  const versionOf = (reflector: Reflector, name: string) =>
    reflector.get(NAMESPACE, name)?.resourceVersion;

  it("lists in pages before it is synced", async () => {
    for (const name of ["a", "b", "c"]) await write(name, "1");
    const { reflector, lists } = await follow({ pageSize: 2 });
    assert.deepEqual(known(reflector), ["a", "b", "c"]);
    const tokens = lists().map(({ query }) => typeof query?.["continue"]);
    assert.deepEqual(tokens, ["undefined", "string"]);
  });

  it("follows additions, changes and deletions in their order", async () => {
    await write("a", "1");
    await write("b", "1");
    const { reflector, changes } = await follow();
    const { resourceVersion } = await write("a", "2");
    await write("c", "1");
    await remove("b");
    await eventually("the deletion", () => reflector.get(NAMESPACE, "b") === undefined);
    assert.deepEqual(known(reflector), ["a", "c"]);
    assert.equal(versionOf(reflector, "a"), resourceVersion);
    assert.deepEqual(changes, ["a", "b", "a", "c", "b"]);
  });

  it("goes on at the last bookmark after the server has ended a watch", async () => {
    await write("a", "1");
    // The server sends a bookmark two seconds before it ends a watch.
    const { reflector, watches, lists } = await follow({
      watchSecondsMin: 8,
      watchSecondsSpread: 0,
    });
    await write("b", "1");
    await eventually("the watch is there", () => reflector.get(NAMESPACE, "b") !== undefined);
    // Moves the server's version on, and is no news to this watch.
    const { resourceVersion } = await write("elsewhere", "1", "another");
    await eventually("a second watch", () => watches().length > 1, 20_000);
    const [first, second] = watches().map(({ query }) => Number(query?.["resourceVersion"]));
    assert.ok((first ?? 0) < Number(resourceVersion));
    assert.ok((second ?? 0) >= Number(resourceVersion));
    await write("c", "1");
    await eventually("an addition", () => reflector.get(NAMESPACE, "c") !== undefined);
    assert.equal(lists().length, 1);
  });

  it("goes on where it was when the connection breaks off", async () => {
    for (const name of ["a", "b"]) await write(name, "1");
    const { reflector, changes, lists } = await follow();
    await proxy.cut();
    await remove("a");
    await proxy.mend();
    await eventually("the deletion", () => reflector.get(NAMESPACE, "a") === undefined);
    assert.deepEqual(changes, ["a", "b", "a"]);
    assert.equal(lists().length, 1);
  });

  it("takes a watch that has gone silent for dead, and only after its time", async () => {
    const hasty = await follow({ silenceMaxMs: 2000 });
    const patient = await follow();
    await write("b", "1");
    await eventually("both watch", () =>
      [hasty, patient].every(({ reflector }) => reflector.get(NAMESPACE, "b") !== undefined),
    );
    proxy.freeze();
    await write("a", "1");
    // The next attempt may go over another connection of then.
    const isKnown = () => hasty.reflector.get(NAMESPACE, "a") !== undefined;
    await eventually("the addition", isKnown, 30_000);
    assert.equal(patient.reflector.get(NAMESPACE, "a"), undefined);
  });

  it("lists again when the server has forgotten its place, and notices what went meanwhile", async function () {
    this.timeout(180_000);
    for (const name of ["a", "b"]) await write(name, "1");
    const { reflector, changes, lists } = await follow();
    await proxy.cut();
    await remove("a");
    const { resourceVersion } = await write("b", "2");
    // What a new process remembers begins with its first list: an older version is answered 410.
    await restartApiServer(direct);
    await proxy.mend();
    await eventually("the deletion", () => reflector.get(NAMESPACE, "a") === undefined, 30_000);
    assert.equal(versionOf(reflector, "b"), resourceVersion);
    assert.deepEqual(changes, ["a", "b", "b", "a"]);
    assert.equal(lists().length, 2);
    await write("c", "1");
    await eventually("an addition", () => reflector.get(NAMESPACE, "c") !== undefined);
  });
});
