import assert from "node:assert/strict";
import { signInAsAdmin } from "./support/admin.ts";
import { api, signIn } from "./support/api.ts";

describe("the first admin, whose login the operator made", () => {
  it("sees the circuits of all gateways and leaves a trace of every act", async () => {
    const token = await signInAsAdmin();
    const circuits = await api("GET", "/api/admin/circuits", { token });
    assert.equal(circuits.status, 200, circuits.text);
    assert.match(circuits.text, /booking/);
    const station = { code: "ZZT", name: "Test Halt" };
    const created = await api("POST", "/api/admin/stations", { token, body: station });
    assert.equal(created.status, 201, created.text);
    const path = `/api/admin/stations/${String(created.body["id"])}`;
    assert.equal((await api("DELETE", path, { token })).status, 204);
    const audit = await api("GET", "/api/admin/audit", { token });
    assert.equal(audit.status, 200, audit.text);
    assert.match(audit.text, /createStation/);
    assert.match(audit.text, /deleteStation/);
  });

  it("is the only one: a customer gets 403, nobody 401", async () => {
    const { token } = await signIn();
    const statuses = [
      (await api("GET", "/api/admin/audit", { token })).status,
      (await api("GET", "/api/admin/audit")).status,
      (await api("GET", "/api/reports/revenue", { token })).status,
    ];
    assert.deepEqual(statuses, [403, 401, 403]);
  });
});
