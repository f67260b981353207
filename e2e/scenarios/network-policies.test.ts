import assert from "node:assert/strict";
import { walkThrough } from "../cluster/walk-through.ts";
import { seenConnections, type Connection } from "./support/connections.ts";
import { allows, livingPolicies } from "./support/policy-verdict.ts";
import { baseUrl } from "./support/test-cluster.ts";

/** A booking alone needs more than these: gateway to six services, those among each other, and all to their stores. */
const EDGES_MIN = 20;

const nameOf = ({ source, target, port }: Connection): string =>
  `${source.labels["app"]} → ${target.labels["app"]}:${port}`;

/**
 * The pod network of the built node image enforces no policy, so the policies are held against the connections that
 * the kernel saw: where a network enforces them, none of these would have been refused.
 */
describe("NetworkPolicies, compared with the connections of a booking", () => {
  it("let through what the platform connects, and refuse what it never does", async () => {
    await walkThrough(baseUrl, () => undefined);
    const policies = await livingPolicies();
    const seen = await seenConnections();
    console.log(`      ${policies.length} policies, ${seen.length} edges seen`);
    assert.ok(seen.length >= EDGES_MIN, `only seen: ${seen.map(nameOf).join(", ")}`);
    assert.deepEqual(seen.filter((connection) => !allows(policies, connection)).map(nameOf), []);
    const pods = new Map(
      seen.flatMap(({ source, target }) => [source, target].map((pod) => [pod.labels["app"], pod])),
    );
    const [user, payment] = [pods.get("user-service"), pods.get("payment-service")];
    assert.ok(user && payment);
    assert.ok(!allows(policies, { source: user, target: payment, port: 3004 }));
    assert.ok(!allows(policies, { source: payment, target: payment, port: 5432 }));
  });
});
