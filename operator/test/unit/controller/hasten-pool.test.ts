import assert from "node:assert/strict";
import { unaware } from "../../../src/controller/hasten-pool.ts";
import { poolFilesHash } from "../../../src/desired/pgbouncer.ts";
import { observedObject } from "../../support/observed-fixture.ts";
import { contextWith } from "../../support/platform-fixture.ts";

const pod = (app: string, name: string, told?: string, deleting = false) => ({
  ...observedObject({ kind: "Pod", name, labels: { app } }),
  annotations: told === undefined ? {} : { "jatra.dev/pool-files": told },
  deleting,
});

describe("PgBouncer's pods", () => {
  it("are told of changed files: those that stay, once each, and no others", () => {
    const pods = [
      pod("pgbouncer", "told", "new"),
      pod("pgbouncer", "told-of-older", "old"),
      pod("pgbouncer", "just-made"),
      pod("pgbouncer", "going", "old", true),
      pod("booking-service", "other"),
    ];
    assert.deepEqual(
      unaware(pods, "new").map(({ name }) => name),
      ["told-of-older", "just-made"],
    );
  });

  it("hear of settings and of passwords", () => {
    const before = poolFilesHash(contextWith());
    assert.equal(poolFilesHash(contextWith()), before);
    const settings = contextWith({ pgbouncer: { maxClientConnections: 1200 } });
    assert.notEqual(poolFilesHash(settings), before);
    const secrets = new Map([
      ...contextWith().secrets,
      ["booking-service-database", { username: "booking_service", password: "another" }] as const,
    ]);
    assert.notEqual(poolFilesHash(contextWith({}, { secrets })), before);
  });
});
