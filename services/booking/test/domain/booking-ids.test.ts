import assert from "node:assert/strict";
import { bookingIdOf, paymentIdOf, refundIdOf } from "../../src/domain/booking-ids.ts";

describe("ids", () => {
  it("stay what they were: bookings, payments and refunds in use are found by them", () => {
    const bookingId = bookingIdOf("0191d6c4-7f2e-7a55-9a0e-3b1f5f0a7c11");
    const paymentId = paymentIdOf(bookingId);
    assert.deepEqual(
      [bookingId, paymentId, refundIdOf(paymentId)],
      [
        "c7de4bc5-5eb4-5376-87ad-acbf46c7bd16",
        "bf83dfac-4a81-5cef-bbea-1877dd81f895",
        "dcd6e4df-35bb-5403-8b03-e91efdb668fc",
      ],
    );
  });
});
