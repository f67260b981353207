import assert from "node:assert/strict";
import { edges } from "../../../src/desired/edges.ts";
import { networkPolicies } from "../../../src/desired/network-policies.ts";
import { contextWith, platformWith } from "../../support/platform-fixture.ts";

describe("the table of edges", () => {
  const all = edges(platformWith());
  const into = (to: string) =>
    all
      .filter((edge) => edge.to === to)
      .map((edge) => edge.from)
      .toSorted();

  it("lets nobody but the pool and the Jobs reach PostgreSQL", () => {
    assert.deepEqual(
      into("postgres").filter((from) => !from.endsWith("-migration")),
      ["database-bootstrap", "pgbouncer"],
    );
    assert.equal(into("postgres").length, 14);
  });

  it("lets only those use Redis that docs/architecture.md names", () => {
    assert.deepEqual(into("redis"), [
      "api-gateway",
      "booking-service",
      "payment-service",
      "seat-reservation-service",
    ]);
  });

  it("holds the calls between services", () => {
    assert.deepEqual(into("seat-reservation-service"), [
      "admin-service",
      "api-gateway",
      "booking-service",
      "search-service",
    ]);
    assert.deepEqual(into("payment-simulator"), ["payment-service"]);
    assert.deepEqual(into("admin-service"), ["api-gateway"]);
  });
});

describe("NetworkPolicies", () => {
  const policies = networkPolicies(contextWith());

  it("stand before every app", () => {
    assert.equal(policies.length, 17);
  });

  it("open the broker's management to the operator alone", () => {
    const rabbitmq = policies.find(({ manifest }) => manifest.metadata.name === "rabbitmq");
    const rules = JSON.stringify(rabbitmq?.manifest["spec"]);
    assert.match(rules, /"kubernetes.io\/metadata.name":"jatra-system"/);
    assert.match(rules, /"port":15672/);
  });

  it("open the gateway to everybody", () => {
    const gateway = policies.find(({ manifest }) => manifest.metadata.name === "api-gateway");
    assert.match(
      JSON.stringify(gateway?.manifest["spec"]),
      /\{"ports":\[\{"protocol":"TCP","port":3000\}\]\}/,
    );
  });
});
