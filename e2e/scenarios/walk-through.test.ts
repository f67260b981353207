import assert from "node:assert/strict";
import { z } from "zod";
import { walkThrough } from "../cluster/walk-through.ts";
import { api } from "./support/api.ts";
import { eventually } from "./support/eventually.ts";
import { baseUrl } from "./support/test-cluster.ts";

const bookingSchema = z.object({ seats: z.array(z.object({ seatId: z.string() })) });
const availabilitySchema = z.object({
  coaches: z.array(
    z.object({ seats: z.array(z.object({ seatId: z.string(), status: z.string() })) }),
  ),
});

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
    const { seats } = bookingSchema.parse(booking.body);
    assert.equal(seats.length, 2);
    const path = `/api/seats/availability/${walk.journeyId}?from=DHK&to=CTG`;
    await eventually("the booking's seats are sold", 30_000, async () => {
      const { coaches } = availabilitySchema.parse((await api("GET", path)).body);
      const statuses = coaches
        .flatMap((coach) => coach.seats)
        .filter(({ seatId }) => seats.some((seat) => seat.seatId === seatId))
        .map(({ status }) => status);
      assert.deepEqual(statuses, ["SOLD", "SOLD"]);
    });
    await eventually("the customer is told", 30_000, async () => {
      const told = await api("GET", "/api/notifications", { token });
      assert.match(told.text, new RegExp(walk.bookingId));
    });
    const me = await api("GET", "/api/users/me", { token });
    assert.equal(me.body["name"], "Sample Traveller");
  });
});
