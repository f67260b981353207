import assert from "node:assert/strict";
import { ObjectCopies } from "../../../src/runtime/object-copies.ts";
import { observed } from "../../../src/metadata/observed-object.ts";

const object = (name: string, resourceVersion: number, more: object = {}) =>
  observed("Service", {
    metadata: {
      name,
      namespace: "jatra",
      uid: `uid-${name}`,
      resourceVersion: String(resourceVersion),
      ...more,
    },
  });

describe("copies of objects", () => {
  let copies: ObjectCopies;
  beforeEach(() => (copies = new ObjectCopies({ namespace: undefined })));
  const versionOf = (name: string) => copies.get("jatra", name)?.resourceVersion;

  it("don't let an older event undo what a write has taught", () => {
    copies.learn(object("a", 10));
    assert.equal(copies.put(object("a", 9)), false);
    copies.learn(object("a", 8));
    assert.equal(versionOf("a"), "10");
  });

  it("call news what differs from what was known", () => {
    assert.equal(copies.put(object("a", 1)), true);
    assert.equal(copies.put(object("a", 1)), false);
    assert.equal(copies.put(object("a", 2)), true);
    copies.learn(object("a", 3));
    assert.equal(copies.put(object("a", 3)), false, "its own write is no news");
  });

  it("keep no ghost when the answer to a write comes after the deletion", () => {
    copies.put(object("a", 1));
    copies.remove(object("a", 8));
    copies.learn(object("a", 7));
    assert.equal(versionOf("a"), undefined);
    copies.learn(object("a", 9, { uid: "another" }));
    assert.equal(versionOf("a"), "9");
  });

  it("keep what was made anew under the name of something that went", () => {
    copies.put(object("a", 1));
    copies.learn(object("a", 9, { uid: "another" }));
    copies.remove(object("a", 8));
    assert.equal(copies.get("jatra", "a")?.uid, "another");
  });

  it("take back what the server says is there after all", () => {
    copies.remove(object("a", 8));
    copies.put(object("a", 9));
    copies.learn(object("a", 10));
    assert.equal(versionOf("a"), "10");
  });

  it("learn nothing of another namespace: nobody would say that it is gone", () => {
    const narrow = new ObjectCopies({ namespace: "jatra" });
    narrow.learn(object("a", 7, { namespace: "other" }));
    assert.deepEqual([...narrow.all()], []);
  });

  it("are found by namespace", () => {
    copies.put(object("a", 1));
    copies.put(object("b", 2, { namespace: "other" }));
    const names = (namespace: string) => [...copies.of(namespace)].map(({ name }) => name);
    assert.deepEqual([names("jatra"), names("other"), names("none")], [["a"], ["b"], []]);
    assert.deepEqual(
      [...copies.all()].map(({ name }) => name),
      ["a", "b"],
    );
  });

  it("hold what is left of an object after trimming", () => {
    const trimmed = new ObjectCopies({
      namespace: undefined,
      trim: (whole) => ({ ...whole, raw: {} }),
    });
    trimmed.put(object("a", 1));
    trimmed.learn(object("b", 1));
    assert.deepEqual(
      [...trimmed.all()].map(({ raw }) => raw),
      [{}, {}],
    );
  });
});
