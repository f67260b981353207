import assert from "node:assert/strict";
import { eventually } from "./support/eventually.ts";
import { jatractl } from "./support/jatractl.ts";

describe("jatractl", () => {
  it("shows the status of every service", async () => {
    const { code, text } = await jatractl("status");
    assert.equal(code, 0, text);
    assert.match(text, /✔ {2}Ready/);
    assert.match(text, /^booking-service +\d+\/\d+/m);
  });

  it("plans no change where the operator has settled, and changes nothing itself", async () => {
    // The scenario before this one may have left something to mend.
    await eventually("nothing to change", 60_000, async () => {
      const { code, text } = await jatractl("plan");
      assert.equal(code, 0, text);
      assert.match(text, /No changes: \d+ objects are as wanted/);
    });
  });

  it("lists the circuits of every gateway through a pod of it", async () => {
    const { code, text } = await jatractl("circuits");
    assert.equal(code, 0, text);
    assert.match(text, /^booking +closed +\d+\/\d+/m);
    const reset = await jatractl("circuits", "reset", "booking");
    assert.equal(reset.code, 0, reset.text);
  });

  it("asks for the payment of a booking that doesn't exist, and hears so", async () => {
    const { code, text } = await jatractl("requeue", "00000000-0000-4000-8000-000000000000");
    assert.equal(code, 1, text);
    assert.match(text, /404 \(not_found/);
  });

  it("looks everywhere in doctor", async () => {
    const { code, text } = await jatractl("doctor", "-o", "json");
    assert.ok(code === 0 || code === 2, text);
    assert.doesNotMatch(text, /"obstacle"/);
  });
});
