import assert from "node:assert/strict";
import { Problem } from "@jatra/common/http/problem.ts";
import fc from "fast-check";
import { applyPaymentEnd } from "../../src/domain/apply-payment-end.ts";
import { applyRefundEnd } from "../../src/domain/apply-refund-end.ts";
import { refundIdOf } from "../../src/domain/booking-ids.ts";
import { isLegalChange, isLive, type BookingState } from "../../src/domain/booking-states.ts";
import { cancelBooking } from "../../src/domain/cancel-booking.ts";
import { deliverPayment } from "../../src/domain/deliver-payment.ts";
import { requeueBooking } from "../../src/domain/requeue-booking.ts";
import {
  memoryTransact,
  newMemoryWorld,
  USER_ID,
  type MemoryWorld,
} from "../world/memory-stores.ts";

const steps = [
  "deliver",
  "captured",
  "failed",
  "cancel",
  "refunded",
  "refund failed",
  "requeue",
  "a day passes",
] as const;
type Step = (typeof steps)[number];

/** One step as the outside world may make it at any time, in any order, any number of times. */
const take = async (world: MemoryWorld, step: Step): Promise<void> => {
  const transact = memoryTransact(world);
  const { bookingId, paymentId } = world.booking;
  switch (step) {
    case "captured":
    case "failed": {
      const end = { bookingId, paymentId, outcome: step, attempts: 1, reason: undefined };
      await transact(async (stores) => {
        const booking = await stores.bookings.findForUpdate(end.bookingId);
        return applyPaymentEnd(stores, booking, end);
      });
      return;
    }
    case "cancel": {
      const identity = { userId: USER_ID, role: "customer", name: "", email: "" } as const;
      await cancelBooking({ bookingId, identity, idempotency: undefined }, transact).catch(
        (error: unknown) => {
          assert.ok(error instanceof Problem && error.code === "booking_not_cancellable");
        },
      );
      return;
    }
    case "refunded":
    case "refund failed": {
      // Payment-service only ends refunds that it was asked for.
      if (!world.refund) return;
      const outcome = step === "refunded" ? "DONE" : "FAILED";
      const end = {
        refundId: refundIdOf(paymentId),
        bookingId,
        outcome,
        reason: undefined,
      } as const;
      await transact(async (stores) => {
        const booking = await stores.bookings.findForUpdate(bookingId);
        return applyRefundEnd(stores, booking, end);
      });
      return;
    }
    case "deliver":
      await transact((stores) =>
        deliverPayment(bookingId, "request-1", {
          bookings: stores.bookings,
          transact,
          payments: {
            put: async () => true,
            standing: async () => undefined,
            close: async () => ({ paymentId, state: "PENDING", attempts: 0 }),
            putRefund: async () => "SENT",
          },
        }),
      );
      return;
    case "requeue":
      await requeueBooking(bookingId, "request-1", transact);
      return;
    case "a day passes":
      world.now = new Date(world.now.getTime() + 24 * 3_600_000);
  }
};

describe("the life of a booking", () => {
  it("keeps its promises whatever comes in whatever order", async () => {
    const anySteps = fc.array(fc.constantFrom(...steps), { maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(anySteps, async (sequence) => {
        const world = newMemoryWorld();
        const states: BookingState[] = [world.booking.status];
        let captured = false;
        for (const step of sequence) {
          await take(world, step);
          captured ||= step === "captured";
          if (world.booking.status !== states.at(-1)) states.push(world.booking.status);
          assertConsistent(world, captured);
        }
        states.slice(1).forEach((state, index) => {
          assert.ok(isLegalChange(states[index] ?? state, state), states.join(" → "));
        });
        assert.equal(world.booking.version, states.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

const assertConsistent = ({ booking, refund, events }: MemoryWorld, captured: boolean): void => {
  const { status, paymentStatus, amount } = booking;
  // A capture is confirmed, or given back, or was given up by its owner under the rule; never forgotten.
  if (captured) {
    assert.ok(["CAPTURED", "REFUNDED"].includes(paymentStatus));
    assert.ok(!isLive(status));
    if (status === "PAYMENT_FAILED") assert.equal(refund?.amount, amount);
  }
  if (!captured) assert.equal(refund, undefined);
  if (status === "CONFIRMED") assert.deepEqual([captured, refund], [true, undefined]);
  if (status === "REFUNDED") assert.equal(refund?.status, "DONE");
  if (refund) assert.ok(refund.amount > 0 && refund.amount <= amount);
  const versions = events.map(({ bookingVersion }) => bookingVersion);
  assert.deepEqual(
    versions,
    [...new Set(versions)].sort((a, b) => a - b),
  );
};
