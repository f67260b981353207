import assert from "node:assert/strict";
import { rotateLogin, type RotationView } from "../../../src/desired/secrets/rotate-login.ts";

type Values = Readonly<Record<string, string>>;

const AT_REST: Values = { username: "seat_service", password: "old" };
const view = (more: Partial<RotationView> = {}): RotationView => ({
  asked: "monday",
  isBootstrapped: true,
  podHashes: ["a"],
  ...more,
});
const next = (values: Values, more: Partial<RotationView> = {}) =>
  rotateLogin("seat_service", values, view(more), () => "new").values;

const ADDED: Values = {
  ...AT_REST,
  "next-username": "seat_service_2",
  "next-password": "new",
  rotation: "monday",
};
const SWITCHED: Values = {
  username: "seat_service_2",
  password: "new",
  "previous-username": "seat_service",
  "previous-password": "old",
  "previous-pods": "a",
  rotation: "monday",
};
const DONE: Values = { username: "seat_service_2", password: "new", rotation: "monday" };

describe("the rotation of a service's login", () => {
  it("adds the other role, switches the pods to it, and retires the one of before", () => {
    assert.deepEqual(next(AT_REST), ADDED);
    assert.deepEqual(next(ADDED), SWITCHED);
    assert.deepEqual(next(SWITCHED, { podHashes: ["b"] }), DONE);
    assert.deepEqual(next(DONE), DONE);
  });

  it("goes back to the first role the next time", () => {
    assert.deepEqual(next(DONE, { asked: "tuesday" }), {
      ...DONE,
      "next-username": "seat_service",
      "next-password": "new",
      rotation: "tuesday",
    });
  });

  it("never lets the pods have a login that PostgreSQL doesn't know", () => {
    assert.deepEqual(next(ADDED, { isBootstrapped: false }), ADDED);
  });

  it("never retires a login while a pod that was started with it is there", () => {
    assert.deepEqual(next(SWITCHED, { podHashes: ["b", "a"] }), SWITCHED);
    const rolling = next(ADDED, { podHashes: ["a", "z", "a"] });
    assert.equal(rolling["previous-pods"], "a,z");
    assert.deepEqual(next(rolling, { podHashes: ["b", "z"] }), rolling);
    assert.deepEqual(next(rolling, { podHashes: ["b"] }), DONE);
  });

  it("doesn't begin another one before the last is over", () => {
    assert.deepEqual(next(SWITCHED, { asked: "tuesday" }), SWITCHED);
    assert.equal(next(ADDED, { asked: "tuesday" })["username"], "seat_service_2");
  });

  it("is asked for by nobody at first, and not by what was asked before", () => {
    assert.deepEqual(next(AT_REST, { asked: "" }), AT_REST);
    assert.deepEqual(next({}), {});
  });
});
