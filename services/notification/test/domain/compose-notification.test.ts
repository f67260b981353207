import assert from "node:assert/strict";
import { channelsFor } from "../../src/domain/channels.ts";
import {
  composeBookingNotification,
  composeWelcome,
} from "../../src/domain/compose-notification.ts";
import { sampleBookingEvent } from "@jatra/testing/sample-booking-event.ts";

describe("composing notifications", () => {
  it("tells a confirmed traveller train, local time, seats and price", () => {
    const event = sampleBookingEvent();
    assert.deepEqual(composeBookingNotification(event), {
      userId: "user-1",
      kind: "booking_confirmed",
      subjectId: event.bookingId,
      subjectVersion: 3,
      bookingId: event.bookingId,
      title: "Your booking is confirmed",
      body:
        "Subarna Express (701) from Chattogram to Dhaka, 1 Dec 2026, 07:00. " +
        "Seats: KA KA-1, KA KA-2. Paid: BDT 1,710.50.",
      email: "traveller@example.com",
      occurredAt: "2026-11-22T12:00:00.000Z",
    });
  });

  it("names what is given back, not the price alone", () => {
    const event = sampleBookingEvent({ type: "booking.refunded", refundedAmount: 85_525 });
    assert.match(composeBookingNotification(event).body, /^BDT 855\.25 of BDT 1,710\.50 for /);
  });

  it("has a kind and words of its own for each event", () => {
    const types = ["booking.payment_failed", "booking.cancelled", "booking.refunded"] as const;
    const kinds = types.map(
      (type) => composeBookingNotification(sampleBookingEvent({ type })).kind,
    );
    assert.deepEqual(kinds, ["payment_failed", "booking_cancelled", "booking_refunded"]);
  });

  it("welcomes by name, once an account", () => {
    const user = {
      userId: "user-9",
      name: "Nila",
      email: "nila@example.com",
      phone: "01712-345678",
    };
    const welcome = composeWelcome(user, new Date("2026-11-22T12:00:00Z"));
    assert.deepEqual(
      [welcome.kind, welcome.subjectId, welcome.bookingId, welcome.occurredAt],
      ["welcome", "user-9", null, "2026-11-22T12:00:00.000Z"],
    );
    assert.match(welcome.body, /^Nila, /);
  });

  it("promises no channel that has no outlet", () => {
    assert.deepEqual(channelsFor("booking_confirmed", []), ["in_app"]);
    assert.deepEqual(channelsFor("booking_confirmed", ["email", "sms"]), [
      "in_app",
      "email",
      "sms",
    ]);
    assert.deepEqual(channelsFor("payment_failed", ["email", "sms"]), ["in_app", "email"]);
  });
});
