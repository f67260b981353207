import assert from "node:assert/strict";
import { wishOf } from "../../../src/rollout/wish.ts";
import { resourceWith } from "../../support/platform-fixture.ts";

const wish = (spec: object, annotations = {}) => wishOf(resourceWith(spec).spec, annotations);

describe("what a spec says about pods", () => {
  it("isn't changed by what changes no pod", () => {
    for (const spec of [
      { paused: true },
      { rollout: { strategy: "Phased" } },
      { monitoring: { enabled: false } },
      { deletionPolicy: "Delete" },
      { gateway: { type: "ClusterIP" } },
      { gateway: { publicURL: "http://localhost:30000" } },
      { services: { booking: { autoscaling: { maxReplicas: 20 } } } },
      { services: { booking: { autoscaling: { enabled: false }, replicas: 2 } } },
    ]) {
      assert.equal(wish(spec), wish({}), JSON.stringify(spec));
    }
  });

  it("is changed by everything else", () => {
    const seen = new Set([wish({})]);
    for (const spec of [
      { image: { tag: "2" } },
      { gateway: { guestHolds: true } },
      { gateway: { circuitBreaker: { failureThreshold: 7 } } },
      { services: { booking: { image: "jatra/booking-service:2" } } },
      { services: { booking: { env: [{ name: "A", value: "1" }] } } },
      { services: { auth: { env: [{ name: "A", value: "1" }] } } },
      { pgbouncer: { maxServerConnections: 90 } },
      { seatLocks: { ttlSeconds: 300 } },
    ]) {
      seen.add(wish(spec));
    }
    seen.add(wish({}, { "jatra.dev/upgrade": "now" }));
    assert.equal(seen.size, 10);
  });

  it("doesn't depend on the order of the fields", () => {
    const services = { auth: { image: "a:1" }, booking: { image: "b:1" } };
    const turned = { booking: { image: "b:1" }, auth: { image: "a:1" } };
    assert.equal(wish({ services }), wish({ services: turned }));
  });
});
