import assert from "node:assert/strict";
import { deriveEd25519PrivateKey } from "../../../src/desired/secrets/key-material.ts";
import {
  rotateTicketKey,
  shownKey,
  type TicketKeyView,
} from "../../../src/desired/secrets/rotate-ticket-key.ts";

type Values = Readonly<Record<string, string>>;

const key = (purpose: string) => deriveEd25519PrivateKey(Buffer.alloc(32, 7), purpose);
const [first, second, third] = [key("first"), key("second"), key("third")];

const step = (values: Values, more: Partial<TicketKeyView> = {}, drawn = second) =>
  rotateTicketKey(values, { asked: "monday", podHashes: ["a"], ...more }, () => drawn);

const AT_REST: Values = { "signing-key": first };
const ANNOUNCED: Values = {
  ...AT_REST,
  "next-signing-key": second,
  "further-keys": `${shownKey(first)},${shownKey(second)}`,
  "pods-before": "a",
  rotation: "monday",
};
const DONE: Values = {
  "signing-key": second,
  "further-keys": `${shownKey(first)},${shownKey(second)}`,
  rotation: "monday",
};

describe("the rotation of the key of tickets", () => {
  it("announces the next key, and signs with it when every pod believes it", () => {
    assert.deepEqual(step(AT_REST), {
      values: ANNOUNCED,
      step: `key ${shownKey(second)} is announced`,
    });
    assert.deepEqual(step(ANNOUNCED), { values: ANNOUNCED, step: undefined });
    assert.deepEqual(step(ANNOUNCED, { podHashes: ["a", "b"] }).values, ANNOUNCED);
    assert.deepEqual(step(ANNOUNCED, { podHashes: ["b"] }), {
      values: DONE,
      step: `key ${shownKey(second)} signs now; tickets of ${shownKey(first)} stay good`,
    });
    assert.deepEqual(step(DONE, { podHashes: ["b"] }), { values: DONE, step: undefined });
  });

  it("keeps believing all keys of before, also after the next one", () => {
    const again = { asked: "tuesday", podHashes: ["b"] };
    const announced = step(DONE, again, third).values;
    const done = step(announced, { ...again, podHashes: ["c"] }, third).values;
    assert.equal(done["signing-key"], third);
    assert.deepEqual(done["further-keys"]?.split(","), [first, second, third].map(shownKey));
  });

  it("drops the oldest of many", () => {
    const keys = Array.from({ length: 20 }, (_, index) => shownKey(key(String(index))));
    const { values } = step({ ...AT_REST, "further-keys": keys.join() });
    const further = values["further-keys"]?.split(",") ?? [];
    assert.equal(further.length, 16);
    assert.deepEqual(further.slice(-2), [first, second].map(shownKey));
  });

  it("isn't begun unasked, twice for one word, or without a key", () => {
    assert.equal(step(AT_REST, { asked: "" }).step, undefined);
    assert.equal(step(DONE, { podHashes: ["z"] }).step, undefined);
    assert.equal(step({}).step, undefined);
  });
});
