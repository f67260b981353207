import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { Problem } from "@jatra/common/http/problem.ts";
import { bookingEventSchema } from "@jatra/contracts/messages/booking-event.ts";
import { applyRefundEnd } from "../../src/domain/apply-refund-end.ts";
import { PaymentMismatchError } from "../../src/domain/apply-payment-end.ts";
import { refundIdOf } from "../../src/domain/booking-ids.ts";
import { isLegalChange, isLive } from "../../src/domain/booking-states.ts";
import { cancelBooking } from "../../src/domain/cancel-booking.ts";
import { deliverPayment } from "../../src/domain/deliver-payment.ts";
import { startBookingWorld, type BookingWorld } from "../world/booking-world.ts";

const steps = ["deliver", "captured", "failed", "cancel", "refunded"] as const;
type Step = (typeof steps)[number];
type Booked = Awaited<ReturnType<BookingWorld["booked"]>>;

/** Refusals that are right answers; anything else (a deadlock, a lost compare-and-set) fails the test. */
const isRefusal = (error: unknown): boolean =>
  error instanceof PaymentMismatchError ||
  (error instanceof Problem && error.code === "booking_not_cancellable");

describe("a booking that everybody acts on at once", () => {
  let world: BookingWorld;
  before(async () => {
    world = await startBookingWorld();
  });
  after(() => world.close());

  const take = (step: Step, { bookingId, userId, paymentId }: Booked): Promise<unknown> => {
    const { transact } = world;
    const identity = { userId, role: "customer", name: "", email: "" } as const;
    const refundId = refundIdOf(paymentId);
    const refunded = { refundId, bookingId, outcome: "DONE", reason: undefined } as const;
    const acts: Record<Step, () => Promise<unknown>> = {
      captured: () => world.end(bookingId, "captured"),
      failed: () => world.end(bookingId, "failed"),
      cancel: () => cancelBooking({ bookingId, identity, idempotency: undefined }, transact),
      deliver: () => deliverPayment(bookingId, "request-1", world),
      refunded: () =>
        transact(async (stores) => {
          const booking = await stores.bookings.findForUpdate(bookingId);
          return applyRefundEnd(stores, booking, refunded);
        }),
    };
    return acts[step]();
  };

  const assertConsistent = async (booking: Booked, captured: boolean): Promise<void> => {
    const { status, payment, refund, amount, history, bookingVersion } = await world.show(
      booking.bookingId,
      booking.userId,
    );
    const states = history.map((entry) => entry.status);
    states.slice(1).forEach((state, index) => {
      assert.ok(isLegalChange(states[index] ?? state, state), states.join(" → "));
    });
    assert.equal(bookingVersion, states.length);
    const events = (await world.outbox(booking.bookingId))
      .filter(({ routingKey }) => routingKey.startsWith("booking."))
      .map(({ content }) => bookingEventSchema.parse(content).bookingVersion);
    assert.deepEqual(
      events,
      [...new Set(events)].sort((a, b) => a - b),
    );
    if (!captured) assert.equal(refund, null);
    if (captured) assert.ok(["CAPTURED", "REFUNDED"].includes(payment.status) && !isLive(status));
    // The train is far away: whatever was captured and isn't travelled on goes back in full.
    if (captured && status !== "CONFIRMED") assert.equal(refund?.amount, amount);
    if (status === "CONFIRMED") assert.equal(refund, null);
    if (status === "REFUNDED") assert.equal(refund?.status, "DONE");
  };

  it("ends consistent, with one refund at most and no lost capture", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...steps), { minLength: 2, maxLength: 8 }),
        async (acts) => {
          const booking = await world.booked([`seat-${randomUUID().slice(0, 8)}`]);
          const results = await Promise.allSettled(acts.map((step) => take(step, booking)));
          for (const result of results) {
            if (result.status === "rejected") assert.ok(isRefusal(result.reason), result.reason);
          }
          await assertConsistent(booking, acts.includes("captured"));
        },
      ),
      { numRuns: 60 },
    );
  });
});
