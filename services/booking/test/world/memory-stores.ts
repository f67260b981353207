import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type { PaymentProcess } from "@jatra/contracts/messages/payment-process.ts";
import type { BookingRecord, RefundRecord } from "../../src/domain/booking-record.ts";
import { bookingIdOf, paymentIdOf } from "../../src/domain/booking-ids.ts";
import type { Stores, Transact } from "../../src/domain/stores.ts";

export type MemoryWorld = {
  booking: BookingRecord;
  refund: RefundRecord | undefined;
  readonly events: BookingEvent[];
  readonly payments: PaymentProcess[];
  readonly messages: Set<string>;
  now: Date;
};

const LOCK_ID = "0191d6c4-7f2e-7a55-9a0e-3b1f5f0a7c11";
export const USER_ID = "user-1";

/** One booking just made, its train an hour more than two days away. */
export const newMemoryWorld = (): MemoryWorld => {
  const now = new Date("2026-12-01T00:00:00.000Z");
  const departsAt = new Date(now.getTime() + 49 * 3_600_000);
  const bookingId = bookingIdOf(LOCK_ID);
  return {
    booking: {
      bookingId,
      lockId: LOCK_ID,
      status: "PAYMENT_PENDING",
      version: 1,
      userId: USER_ID,
      email: "ayesha@example.com",
      journeyId: "test-journey",
      trip: {
        train: { number: "701", name: "Subarna Express" },
        from: { code: "DHK", name: "Dhaka", at: departsAt.toISOString() },
        to: { code: "CTG", name: "Chattogram", at: departsAt.toISOString() },
      },
      departsAt,
      passengers: [
        { name: "Ayesha", seatId: "seat-1", coach: "KA", class: "SNIGDHA", fareAmount: 50_000 },
      ],
      amount: 50_000,
      currency: "BDT",
      paymentId: paymentIdOf(bookingId),
      paymentMethod: "bkash",
      paymentDetails: {},
      paymentStatus: "PENDING",
      paymentAttempts: 0,
      paymentDeadlineAt: new Date(now.getTime() + 300_000),
      cancelRequestedAt: null,
      ticketIds: [],
      requestId: "request-1",
      createdAt: now,
    },
    refund: undefined,
    events: [],
    payments: [],
    messages: new Set(),
    now,
  };
};

/** The stores of one booking in memory, for models that run by the thousand. A transaction that throws changes nothing. */
export const memoryTransact =
  (world: MemoryWorld): Transact =>
  async (work) => {
    const { booking, refund, events, payments, messages } = world;
    const before = { booking, refund, events: events.length, payments: payments.length };
    const seen = [...messages];
    try {
      return await work(storesOf(world));
    } catch (error) {
      world.booking = before.booking;
      world.refund = before.refund;
      events.length = before.events;
      payments.length = before.payments;
      messages.clear();
      for (const message of seen) messages.add(message);
      throw error;
    }
  };

const storesOf = (world: MemoryWorld): Stores => {
  const find = async (bookingId: string): Promise<BookingRecord | undefined> =>
    bookingId === world.booking.bookingId ? world.booking : undefined;
  const change = (part: Partial<BookingRecord>): void => {
    world.booking = { ...world.booking, ...part };
  };
  return {
    bookings: {
      insert: async () => false,
      insertTombstone: async () => undefined,
      stateOf: async (bookingId) => (await find(bookingId))?.status,
      find,
      findForUpdate: find,
      beginPayment: async () => {
        const { status, version, cancelRequestedAt } = world.booking;
        if (status !== "PAYMENT_PENDING" || cancelRequestedAt !== null) return undefined;
        change({ status: "PAYMENT_PROCESSING", version: version + 1 });
        return world.booking;
      },
      changeStatus: async ({ status, version }, to, payment) => {
        if (status !== world.booking.status || version !== world.booking.version) return undefined;
        change({ status: to, version: version + 1 });
        if (payment) change({ paymentStatus: payment.status, paymentAttempts: payment.attempts });
        return world.now;
      },
      recordPayment: async (_bookingId, { status, attempts }) =>
        change({ paymentStatus: status, paymentAttempts: attempts }),
      requestCancel: async () => change({ cancelRequestedAt: world.now }),
      requestClose: async () => undefined,
      setTickets: async (_bookingId, ticketIds) => {
        change({ ticketIds });
        return true;
      },
    },
    refunds: {
      find: async () => world.refund,
      request: async (refund) => {
        world.refund ??= { ...refund, status: "REQUESTED" };
      },
      markSent: async () => {
        if (world.refund) world.refund = { ...world.refund, status: "SENT" };
      },
      end: async (_refundId, status) => {
        if (!world.refund || ["DONE", "FAILED"].includes(world.refund.status)) return false;
        world.refund = { ...world.refund, status };
        return true;
      },
    },
    publishEvent: async (event) => void world.events.push(event),
    publishPayment: async (message) => void world.payments.push(message),
    recordMessage: async (queue, messageId) => {
      const key = `${queue} ${messageId}`;
      const isNew = !world.messages.has(key);
      world.messages.add(key);
      return isNew;
    },
    complete: async () => undefined,
    now: async () => world.now,
  };
};
