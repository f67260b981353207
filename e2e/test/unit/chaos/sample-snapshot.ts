import type { JournalEntry } from "../../../chaos/client/journal.ts";
import type { Snapshot } from "../../../chaos/reading/snapshot.ts";

const at = new Date("2026-12-01T10:00:00.000Z");
const before = (seconds: number): Date => new Date(at.getTime() - seconds * 1000);

const places = [
  { seatId: "seat-1", leg: 0 },
  { seatId: "seat-1", leg: 1 },
  { seatId: "seat-2", leg: 0 },
  { seatId: "seat-2", leg: 1 },
] as const;

export const sampleEntry: JournalEntry = {
  sentAt: before(41),
  at: before(40),
  userId: "asha",
  action: "acquire",
  key: "key-1",
  subjectId: null,
  status: 201,
  body: JSON.stringify({ lockId: "lock-1" }),
};

/** One booking of two seats, held, paid and confirmed, with everything in its place. */
export const soundSnapshot: Snapshot = {
  at,
  locks: [
    {
      lockId: "lock-1",
      journeyId: "702-20261201",
      userId: "asha",
      seatIds: ["seat-1", "seat-2"],
      fromSeq: 0,
      toSeq: 2,
      state: "SOLD",
      expiresAt: before(-260),
      bookingId: "booking-1",
    },
  ],
  claims: places.map((place) => ({
    journeyId: "702-20261201",
    lockId: "lock-1",
    state: "SOLD",
    ...place,
  })),
  bookings: [
    {
      bookingId: "booking-1",
      lockId: "lock-1",
      status: "CONFIRMED",
      userId: "asha",
      journeyId: "702-20261201",
      amount: 90_000,
      paymentId: "payment-1",
      paymentStatus: "CAPTURED",
      seatIds: ["seat-1", "seat-2"],
      confirmedAt: before(30),
    },
  ],
  bookingRefunds: [],
  payments: [
    {
      paymentId: "payment-1",
      bookingId: "booking-1",
      userId: "asha",
      amount: 90_000,
      state: "CAPTURED",
    },
  ],
  paymentRefunds: [],
  tickets: ["seat-1", "seat-2"].map((seatId, passengerIndex) => ({
    ticketId: `ticket-${passengerIndex + 1}`,
    bookingId: "booking-1",
    passengerIndex,
    userId: "asha",
    journeyId: "702-20261201",
    seatId,
    state: "VALID",
  })),
  ledger: [
    {
      sequence: 1,
      kind: "charge",
      id: "charge-1",
      reference: "payment-1",
      chargeReference: "payment-1",
      status: "captured",
      amount: 90_000,
      currency: "BDT",
      at: before(31).toISOString(),
    },
  ],
  journal: [
    sampleEntry,
    {
      ...sampleEntry,
      action: "book",
      key: "key-2",
      subjectId: "lock-1",
      status: 202,
      body: JSON.stringify({ bookingId: "booking-1" }),
    },
  ],
  unpublished: [{ database: "booking", count: 0 }],
  deadLetters: [{ queue: "payment.processing.dead-letter.queue", count: 0 }],
};
