import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { connectRabbit, type RabbitConnection } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { startOutboxRelay, type OutboxRelay } from "@jatra/common/outbox/outbox-relay.ts";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import { ticketIssuedSchema } from "@jatra/contracts/messages/ticket-issued.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestVhost } from "@jatra/testing/test-vhost.ts";
import fc from "fast-check";
import { countGoodTicketsOfVoid } from "../../src/data/count-violations.ts";
import { bookingEvents } from "../../src/consumers/booking-events.ts";
import { bookingEventOf } from "../fixtures/booking-event.ts";
import { createTicketPlatform, type TicketPlatform } from "../fixtures/ticket-platform.ts";

describe("booking events", () => {
  let platform: TicketPlatform;
  before(async () => {
    platform = await createTicketPlatform();
  });
  after(async () => platform.close());

  const statesOf = async (bookingId: string): Promise<string[]> =>
    (await platform.ticketsOf(bookingId)).map(({ status }) => status);
  const announced = async (bookingId: string): Promise<unknown[]> => {
    const { rows } = await platform.pool.query<{ content: unknown }>(
      "SELECT content FROM outbox WHERE aggregate_id = $1",
      [bookingId],
    );
    return rows.map(({ content }) => content);
  };

  it("issue one ticket a passenger and tell of them in the passengers' order", async () => {
    const event = bookingEventOf();
    await platform.apply(event);
    const tickets = await platform.ticketsOf(event.bookingId);
    assert.deepEqual(
      tickets.map(({ passenger, seatId, status, fare }) => ({ passenger, seatId, status, fare })),
      event.passengers.map(({ name, seatId, fareAmount }) => ({
        passenger: name,
        seatId,
        status: "VALID",
        fare: { amount: fareAmount, currency: "BDT" },
      })),
    );
    const ticketIds = tickets.map(({ ticketId }) => ticketId);
    assert.deepEqual(await announced(event.bookingId), [{ bookingId: event.bookingId, ticketIds }]);
    assert.equal(new Set(tickets.map(({ number }) => number)).size, 2);
  });

  it("issue once, however often and however close together the event comes", async () => {
    const event = bookingEventOf();
    const applied = await Promise.all(Array.from({ length: 20 }, () => platform.apply(event)));
    assert.equal(applied.filter(({ tickets }) => tickets === 2).length, 1);
    assert.deepEqual(await statesOf(event.bookingId), ["VALID", "VALID"]);
    assert.equal((await announced(event.bookingId)).length, 1);
  });

  it("tell of the tickets again when the confirmation is told again, unless they are void", async () => {
    const event = bookingEventOf();
    await platform.apply(event);
    const [first] = await announced(event.bookingId);
    await platform.pool.query(
      "UPDATE tickets SET issued_at = now() - interval '30 seconds' WHERE booking_id = $1",
      [event.bookingId],
    );
    assert.deepEqual(await platform.apply(event), { kind: "issued", tickets: 0 });
    assert.deepEqual(await announced(event.bookingId), [first, first]);
    await platform.apply({ ...event, type: "booking.cancelled", bookingVersion: 5 });
    await platform.apply(event);
    assert.equal((await announced(event.bookingId)).length, 2);
  });

  it("never make a valid ticket when the refund came first", async () => {
    const confirmed = bookingEventOf();
    await platform.apply({ ...confirmed, type: "booking.refunded", bookingVersion: 5 });
    await platform.apply(confirmed);
    assert.deepEqual(await statesOf(confirmed.bookingId), []);
    assert.deepEqual(await announced(confirmed.bookingId), []);
  });

  it("leave nothing valid when confirmation and refund arrive at the same moment", async () => {
    for (let round = 0; round < 20; round += 1) {
      const confirmed = bookingEventOf();
      const refunded: BookingEvent = { ...confirmed, type: "booking.refunded", bookingVersion: 5 };
      await Promise.all([platform.apply(confirmed), platform.apply(refunded)]);
      const states = new Set(await statesOf(confirmed.bookingId));
      assert.equal(states.has("VALID"), false, [...states].join());
    }
  });

  it("end the same in any order and with any repeats", async () => {
    const order = fc.array(
      fc.constantFrom("booking.confirmed", "booking.cancelled", "booking.refunded"),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(order, async (types) => {
        const event = bookingEventOf();
        for (const type of types) {
          const bookingVersion = type === "booking.confirmed" ? 3 : 5;
          await platform.apply({ ...event, type, bookingVersion });
        }
        const states = new Set(await statesOf(event.bookingId));
        const ended = types.some((type) => type !== "booking.confirmed");
        assert.equal(states.has("VALID"), !ended);
        assert.equal(states.has("VOID"), ended && types[0] === "booking.confirmed");
      }),
      { numRuns: 40 },
    );
  });

  it("void a used ticket too, and the database refuses to make it valid again", async () => {
    const event = bookingEventOf();
    await platform.apply(event);
    const [first] = await platform.ticketsOf(event.bookingId);
    await platform.tickets.use(String(first?.ticketId), "staff");
    await platform.apply({ ...event, type: "booking.refunded", bookingVersion: 5 });
    assert.deepEqual(await statesOf(event.bookingId), ["VOID", "VOID"]);
    const revive = platform.pool.query("UPDATE tickets SET state = 'VALID' WHERE booking_id = $1", [
      event.bookingId,
    ]);
    await assert.rejects(revive, { code: "23514" });
  });

  it("count a good ticket of a void booking, which must never be", async () => {
    const event = bookingEventOf();
    await platform.apply(event);
    assert.equal(await countGoodTicketsOfVoid(platform.pool), 0);
    await platform.pool.query("UPDATE ticket_bookings SET void = true WHERE booking_id = $1", [
      event.bookingId,
    ]);
    assert.equal(await countGoodTicketsOfVoid(platform.pool), 2);
    await platform.apply({ ...event, type: "booking.cancelled", bookingVersion: 5 });
    assert.equal(await countGoodTicketsOfVoid(platform.pool), 0);
  });

  it("without the booking's gate would issue again: the gate is what decides", async () => {
    const naked = await createTicketPlatform();
    try {
      const event = bookingEventOf();
      await naked.apply(event);
      await naked.pool.query(
        "ALTER TABLE tickets DROP CONSTRAINT tickets_booking_id_fkey, DROP CONSTRAINT tickets_one_a_passenger",
      );
      await naked.pool.query("DELETE FROM ticket_bookings");
      await naked.apply(event);
      assert.equal((await naked.ticketsOf(event.bookingId)).length, 4);
    } finally {
      await naked.close();
    }
  });

  describe("over RabbitMQ", () => {
    let vhost: Awaited<ReturnType<typeof createTestVhost>>;
    let rabbit: RabbitConnection;
    let relay: OutboxRelay;
    before(async () => {
      vhost = await createTestVhost();
      const metrics = createMetrics("test");
      rabbit = connectRabbit({ url: vhost.url, logger: silentLogger, metrics });
      await eventually(() => rabbit.isReady());
      const { pool, tickets, ticketMetrics } = platform;
      relay = startOutboxRelay({ pool, rabbit, logger: silentLogger, metrics });
      platform.current.send = relay.send;
      rabbit.consume(bookingEvents({ tickets, metrics: ticketMetrics }));
    });
    after(async () => {
      await relay.stop();
      await rabbit.close();
      await vhost.drop();
    });

    it("are consumed, and the tickets are told of", async () => {
      const event = bookingEventOf();
      const told = Promise.withResolvers<unknown>();
      const listener = rabbit.consume({
        queue: "booking.ticket-events.queue",
        prefetch: 10,
        handle: async ({ content }) => {
          if (ticketIssuedSchema.parse(content).bookingId === event.bookingId)
            told.resolve(content);
        },
      });
      const message = {
        exchange: "booking.exchange",
        routingKey: event.type,
        type: event.type,
        requestId: "test",
        content: event,
      };
      await rabbit.publish({ ...message, messageId: randomUUID() });
      await rabbit.publish({ ...message, messageId: randomUUID() });
      const tickets = await eventually(async () => {
        const found = await platform.ticketsOf(event.bookingId);
        return found.length > 0 && found;
      });
      const ticketIds = tickets.map(({ ticketId }) => ticketId);
      assert.deepEqual(await told.promise, { bookingId: event.bookingId, ticketIds });
      assert.equal(tickets.length, 2);
      await listener.stop();
    });
  });
});
