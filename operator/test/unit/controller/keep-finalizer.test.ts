import assert from "node:assert/strict";
import { needsFinalizer } from "../../../src/controller/deletion/keep-finalizer.ts";
import { platformWith } from "../../support/platform-fixture.ts";

const external = {
  type: "External",
  external: {
    host: "mq.example",
    secretRef: { name: "mq" },
    management: { url: "https://mq.example:15671", secretRef: { name: "mq-admin" } },
  },
};

describe("a platform's finalizer", () => {
  it("is for what is declared in somebody else's broker, and only where it shall go", () => {
    const needs = (spec: object) => needsFinalizer(platformWith(spec));
    assert.equal(needs({ rabbitmq: external, deletionPolicy: "Delete" }), true);
    assert.equal(needs({ rabbitmq: external, deletionPolicy: "Retain" }), false);
    assert.equal(needs({ rabbitmq: external }), false);
    assert.equal(needs({ deletionPolicy: "Delete" }), false);
  });
});
