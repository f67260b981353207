import assert from "node:assert/strict";
import { walkThrough } from "../cluster/walk-through.ts";
import { api } from "./support/api.ts";
import { eventually } from "./support/eventually.ts";
import { baseUrl } from "./support/test-cluster.ts";

describe("a customer's way to a ticket", () => {
  it("goes from registration to the PDF, and every read model hears of it", async () => {
    const steps: string[] = [];
    const walk = await walkThrough(baseUrl, ({ name, status, durationMs }) => {
      steps.push(`${name} ${status} ${durationMs} ms`);
    });
    console.log(steps.map((step) => `      ${step}`).join("\n"));
    const token = walk.accessToken;

    const booking = await api("GET", `/api/bookings/${walk.bookingId}`, { token });
    assert.equal(booking.body["status"], "CONFIRMED");
    const path = `/api/seats/availability/${walk.journeyId}?from=DHK&to=CTG`;
    await eventually("the seats are sold", 30_000, async () => {
      const sold = (await api("GET", path)).text.match(/"status":"SOLD"/g) ?? [];
      assert.equal(sold.length, 2);
    });
    await eventually("the customer is told", 30_000, async () => {
      const told = await api("GET", "/api/notifications", { token });
      assert.match(told.text, new RegExp(walk.bookingId));
    });
    const me = await api("GET", "/api/users/me", { token });
    assert.equal(me.body["name"], "Sample Traveller");
  });
});
