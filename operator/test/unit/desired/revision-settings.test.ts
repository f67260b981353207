import assert from "node:assert/strict";
import { settingsOf, withSettings } from "../../../src/desired/revision-settings.ts";
import { platformWith } from "../../support/platform-fixture.ts";

const older = settingsOf(platformWith());

describe("the settings of a revision", () => {
  it("are the pool's, and come back in place of what the spec says", () => {
    const spec = { pgbouncer: { poolMode: "session", maxClientConnections: 1100, replicas: 2 } };
    const platform = platformWith(spec);
    const back = withSettings(platform, older);
    assert.deepEqual(settingsOf(back), older);
    assert.deepEqual({ ...back, pgbouncer: platform.pgbouncer }, platform);
  });

  it("stay as the spec has them where its maxima wouldn't fit the older ones", () => {
    const spec = {
      pgbouncer: { maxClientConnections: 1200 },
      services: { booking: { autoscaling: { maxReplicas: 25 } } },
    };
    const platform = platformWith(spec);
    assert.deepEqual(withSettings(platform, older), platform);
  });

  it("are unknown of a revision that an older operator has written", () => {
    const platform = platformWith({ pgbouncer: { poolMode: "session" } });
    assert.deepEqual(withSettings(platform, undefined), platform);
  });
});
