import assert from "node:assert/strict";
import { LIFETIME_SECONDS_MAX, QUERY_TIMEOUT_MS } from "@jatra/common/database/pool.ts";
import { DRAIN_SECONDS, GRACE_PERIOD_SECONDS } from "../../../operator/src/desired/pgbouncer.ts";

describe("a PgBouncer that is going", () => {
  it("waits longer than any of the services' connections stays, its last statement included", () => {
    const lastLeavesAfter = DRAIN_SECONDS + LIFETIME_SECONDS_MAX + QUERY_TIMEOUT_MS / 1000;
    assert.ok(lastLeavesAfter <= GRACE_PERIOD_SECONDS, `${lastLeavesAfter} s`);
  });
});
