import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { kindNamed } from "../../../src/metadata/resource-kinds.ts";
import type { ApiCall, ApiClient } from "../../../src/runtime/api-client.ts";
import { Reflector } from "../../../src/runtime/reflector.ts";

const item = (name: string, resourceVersion: string, more: object = {}) => ({
  metadata: { name, namespace: "jatra", uid: `uid-${name}`, resourceVersion, ...more },
});
const page = (items: object[], resourceVersion: string, continueToken?: string) => ({
  metadata: { resourceVersion, ...(continueToken !== undefined && { continue: continueToken }) },
  items,
});
const line = (type: string, object: object) => JSON.stringify({ type, object });

interface Script {
  readonly lists: object[];
  /** Lines of each watch in turn; a watch beyond the last stays silent. */
  readonly watches: string[][];
}

/** An API server that plays a script and writes down what it was asked. */
function scripted({ lists, watches }: Script) {
  const calls: ApiCall[] = [];
  const client: ApiClient = {
    call: async (call) => {
      calls.push(call);
      return lists.shift() ?? assert.fail("one list too many");
    },
    lines: async function* (call, signal) {
      calls.push(call);
      const lines = watches.shift();
      if (lines !== undefined) yield* lines;
      else await delay(60_000, undefined, { signal }).catch(() => undefined);
    },
    close: async () => undefined,
  };
  return { client, calls };
}

async function reflected(script: Script, until: (reflector: Reflector) => boolean) {
  const { client, calls } = scripted(script);
  const changes: string[] = [];
  const reflector = new Reflector({
    client,
    kind: kindNamed("Service"),
    namespace: "jatra",
    selector: {},
    onChange: ({ name }) => changes.push(name),
    onError: () => undefined,
  });
  const stop = new AbortController();
  const running = reflector.run(stop.signal);
  const deadline = performance.now() + 3000;
  while (!until(reflector)) {
    if (performance.now() > deadline) assert.fail("it never came true");
    await delay(5);
  }
  stop.abort();
  await running;
  return { reflector, calls, changes };
}

describe("the reflector", () => {
  it("lists in pages before it is synced", async () => {
    const lists = [page([item("a", "1")], "5", "more"), page([item("b", "2")], "5")];
    const { reflector, calls } = await reflected({ lists, watches: [] }, ({ synced }) => synced);
    assert.deepEqual(
      [...reflector.all()].map(({ name }) => name),
      ["a", "b"],
    );
    assert.equal(calls[1]?.query?.["continue"], "more");
  });

  it("follows additions, changes and deletions", async () => {
    const { reflector, changes } = await reflected(
      {
        lists: [page([item("a", "1"), item("b", "2")], "5")],
        watches: [
          [
            line("MODIFIED", item("a", "6")),
            line("ADDED", item("c", "7")),
            line("DELETED", item("b", "8")),
          ],
        ],
      },
      (one) => one.get("jatra", "c") !== undefined && one.get("jatra", "b") === undefined,
    );
    assert.equal(reflector.get("jatra", "a")?.resourceVersion, "6");
    assert.deepEqual(changes, ["a", "b", "a", "c", "b"]);
  });

  it("goes on at the last bookmark after the server has ended a watch", async () => {
    const bookmark = { metadata: { resourceVersion: "40" } };
    const { calls } = await reflected(
      {
        lists: [page([], "5")],
        watches: [[line("BOOKMARK", bookmark)], [line("ADDED", item("x", "41"))]],
      },
      (one) => one.get("jatra", "x") !== undefined,
    );
    assert.equal(calls[2]?.query?.["resourceVersion"], "40");
    assert.equal(calls[2]?.query?.["allowWatchBookmarks"], "true");
  });

  it("lists again when the server has forgotten its place, and notices what went meanwhile", async () => {
    const gone = { kind: "Status", code: 410, message: "too old" };
    const { reflector, changes } = await reflected(
      {
        lists: [page([item("a", "1"), item("b", "2")], "5"), page([item("b", "9")], "90")],
        watches: [[line("ERROR", gone)]],
      },
      (one) => one.get("jatra", "a") === undefined && one.synced,
    );
    assert.equal(reflector.get("jatra", "b")?.resourceVersion, "9");
    assert.deepEqual(changes, ["a", "b", "b", "a"]);
  });

  it("doesn't let an older event undo what a write has taught it", async () => {
    const { client } = scripted({ lists: [], watches: [] });
    const reflector = new Reflector({
      client,
      kind: kindNamed("Service"),
      namespace: "jatra",
      selector: {},
      onChange: () => undefined,
      onError: () => undefined,
    });
    const { observed } = await import("../../../src/metadata/observed-object.ts");
    reflector.learn(observed("Service", item("a", "10")));
    reflector.learn(observed("Service", item("a", "9")));
    assert.equal(reflector.get("jatra", "a")?.resourceVersion, "10");
  });

  it("doesn't keep a ghost when the answer to a write comes after the deletion", async () => {
    const lists = [page([item("a", "1"), item("b", "2")], "5")];
    const watches = [[line("DELETED", item("a", "8"))]];
    const { reflector } = await reflected(
      { lists, watches },
      (one) => one.synced && one.get("jatra", "a") === undefined,
    );
    const { observed } = await import("../../../src/metadata/observed-object.ts");
    reflector.learn(observed("Service", item("a", "7")));
    assert.equal(reflector.get("jatra", "a"), undefined);
    reflector.learn(observed("Service", item("a", "9", { uid: "another" })));
    assert.equal(reflector.get("jatra", "a")?.uid, "another");
  });

  it("learns nothing of another namespace: it would never hear that it is gone", async () => {
    const { reflector } = await reflected(
      { lists: [page([], "5")], watches: [] },
      (one) => one.synced,
    );
    const { observed } = await import("../../../src/metadata/observed-object.ts");
    reflector.learn(observed("Service", item("a", "7", { namespace: "other" })));
    assert.deepEqual([...reflector.all()], []);
  });
});
