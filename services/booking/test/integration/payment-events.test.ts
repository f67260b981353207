import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { bookingEventSchema } from "@jatra/contracts/messages/booking-event.ts";
import { deadLetterQueueOf } from "@jatra/contracts/topology.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { SEAT_PRICE } from "../world/fake-neighbours.ts";
import { startRunningWorld, type RunningWorld } from "../world/running-world.ts";

describe("events of payment-service", () => {
  let world: RunningWorld;
  before(async () => {
    world = await startRunningWorld();
  });
  after(() => world.close());

  const processing = async () => {
    const booking = await world.booked();
    await world.statusIs(booking, "PAYMENT_PROCESSING");
    return booking;
  };
  const events = async (bookingId: string) =>
    (await world.outbox(bookingId))
      .filter(({ routingKey }) => routingKey !== "payment.process")
      .map(({ content }) => bookingEventSchema.parse(content))
      .map(({ type, bookingVersion }) => [type, bookingVersion]);
  /** Everything told before it has been handled once a later event of the same queue has. */
  const settled = async () => {
    const marker = await processing();
    await world.tell("payment.exchange", world.paymentEvent("payment.failed", marker));
    await world.statusIs(marker, "PAYMENT_FAILED");
  };

  it("take effect once, whether told again as the same or as another message", async () => {
    const booking = await processing();
    const captured = world.paymentEvent("payment.captured", booking);
    const messageId = randomUUID();
    await Promise.all([
      world.tell("payment.exchange", captured, messageId),
      world.tell("payment.exchange", captured, messageId),
      world.tell("payment.exchange", captured),
      world.tell("payment.exchange", captured),
    ]);
    await world.statusIs(booking, "CONFIRMED");
    await settled();
    assert.deepEqual(await events(booking.bookingId), [["booking.confirmed", 3]]);
  });

  it("keep to the first word on a booking's tickets", async () => {
    const booking = await processing();
    const [messageId, first, other] = [randomUUID(), randomUUID(), randomUUID()];
    const issued = (ticketId: string) => ({
      type: "ticket.issued",
      bookingId: booking.bookingId,
      ticketIds: [ticketId],
    });
    const ticketsAre = (ticketIds: string[]) =>
      eventually(async () => {
        const shown = await world.show(booking.bookingId, booking.userId);
        assert.deepEqual(shown.ticketIds, ticketIds);
        return true;
      });
    await world.tell("ticket.exchange", issued(first), messageId);
    await ticketsAre([first]);
    await world.tell("ticket.exchange", issued(other), messageId);
    const marker = await processing();
    const last = { type: "ticket.issued", bookingId: marker.bookingId, ticketIds: [other] };
    await world.tell("ticket.exchange", last);
    await eventually(async () => {
      const shown = await world.show(marker.bookingId, marker.userId);
      return shown.ticketId === other;
    });
    await ticketsAre([first]);
  });

  it("confirm whichever way round captured and failed arrive, or give the money back", async () => {
    const first = await processing();
    await world.tell("payment.exchange", world.paymentEvent("payment.captured", first));
    await world.statusIs(first, "CONFIRMED");
    await world.tell("payment.exchange", world.paymentEvent("payment.failed", first));
    const second = await processing();
    await world.tell("payment.exchange", world.paymentEvent("payment.failed", second));
    await world.statusIs(second, "PAYMENT_FAILED");
    await world.tell("payment.exchange", world.paymentEvent("payment.captured", second));
    const shown = await eventually(async () => {
      const booking = await world.show(second.bookingId, second.userId);
      return booking.refund?.status === "SENT" ? booking : undefined;
    });
    assert.deepEqual([shown.status, shown.refund?.amount], ["PAYMENT_FAILED", SEAT_PRICE]);
    assert.equal((await world.show(first.bookingId, first.userId)).status, "CONFIRMED");
    const refundId = shown.refund?.refundId;
    await world.tell(
      "payment.exchange",
      world.paymentEvent("payment.refunded", second, { refundId }),
    );
    await world.statusIs(second, "REFUNDED");
  });

  it("confirm a booking whose worker never came", async () => {
    const booking = await world.booked();
    await world.tell("payment.exchange", world.paymentEvent("payment.captured", booking));
    await world.statusIs(booking, "CONFIRMED");
  });

  it("confirm nothing for another payment, another sum or another currency", async () => {
    const booking = await processing();
    const wrong = [
      world.paymentEvent("payment.captured", { ...booking, paymentId: randomUUID() }),
      world.paymentEvent("payment.captured", booking, { amount: SEAT_PRICE - 1 }),
      world.paymentEvent("payment.captured", booking, { currency: "USD" }),
      world.paymentEvent("payment.captured", { ...booking, bookingId: randomUUID() }),
    ];
    const queue = deadLetterQueueOf("booking.payment-events.queue");
    const before = await world.depth(queue);
    for (const event of wrong) await world.tell("payment.exchange", event);
    await eventually(async () => (await world.depth(queue)) === before + wrong.length);
    assert.equal(
      (await world.show(booking.bookingId, booking.userId)).status,
      "PAYMENT_PROCESSING",
    );
    assert.deepEqual(await events(booking.bookingId), []);
  });

  it("leave a failed refund for a person to see", async () => {
    const booking = await processing();
    await world.end(booking.bookingId, "failed");
    await world.end(booking.bookingId, "captured");
    const { refund } = await world.show(booking.bookingId, booking.userId);
    const failed = world.paymentEvent("payment.refund_failed", booking, {
      refundId: refund?.refundId,
      reason: "declined",
    });
    await world.tell("payment.exchange", failed);
    await eventually(async () => {
      const shown = await world.show(booking.bookingId, booking.userId);
      assert.deepEqual([shown.status, shown.refund?.status], ["PAYMENT_FAILED", "FAILED"]);
      return true;
    });
  });
});
