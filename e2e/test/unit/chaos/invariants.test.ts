import assert from "node:assert/strict";
import { checkInvariants, type invariants } from "../../../chaos/invariants/check-invariants.ts";
import type { Snapshot } from "../../../chaos/reading/snapshot.ts";
import { sampleEntry, soundSnapshot } from "./sample-snapshot.ts";

type Name = keyof typeof invariants;
type Damage = readonly [does: string, damaged: Partial<Snapshot>];

const { locks, claims, bookings, tickets, ledger, payments, journal } = soundSnapshot;
const [lock] = locks;
const [claim] = claims;
const [booking] = bookings;
const [payment] = payments;
const [charge] = ledger;
assert.ok(lock && claim && booking && payment && charge);
const refund = { ...charge, kind: "refund", status: "done", id: "refund-1" } as const;
const asked = {
  refundId: "refund-1",
  bookingId: "booking-1",
  paymentId: "payment-1",
  amount: 90_000,
  status: "SENT",
  requestedAt: soundSnapshot.at,
};
const live = { ...booking, status: "PAYMENT_PROCESSING", confirmedAt: null };

/** A second lock, whose booking was given up: asked for, in payment for a minute, a tombstone, the lock let go. */
const abandoned: Snapshot = {
  ...soundSnapshot,
  locks: [
    ...locks,
    { ...lock, lockId: "lock-2", userId: "bina", state: "RELEASED", bookingId: "booking-2" },
  ],
  bookings: [
    ...bookings,
    {
      bookingId: "booking-2",
      lockId: "lock-2",
      status: "ABANDONED",
      userId: null,
      journeyId: null,
      amount: null,
      paymentId: null,
      paymentStatus: "PENDING",
      seatIds: [],
      confirmedAt: null,
    },
  ],
  journal: [
    ...journal,
    {
      ...sampleEntry,
      sentAt: new Date("2026-12-01T09:58:00.000Z"),
      at: new Date("2026-12-01T09:59:01.000Z"),
      userId: "bina",
      action: "book",
      key: "key-3",
      subjectId: "lock-2",
      status: 409,
      body: JSON.stringify({ code: "booking_abandoned" }),
    },
  ],
};
const refusal = abandoned.journal.at(-1);
assert.ok(refusal);

const givenUpWrongly: readonly Damage[] = [
  ["no tombstone", { bookings }],
  [
    "a booking that lives",
    {
      bookings: abandoned.bookings.map((one) =>
        one.lockId === "lock-2" ? { ...live, bookingId: "booking-2", lockId: "lock-2" } : one,
      ),
    },
  ],
  [
    "a lock that is kept",
    { locks: [lock, { ...lock, lockId: "lock-2", state: "HELD", bookingId: null }] },
  ],
  ["claims", { claims: [...claims, { ...claim, lockId: "lock-2", leg: 5 }] }],
  ["a payment", { payments: [...payments, { ...payment, bookingId: "booking-2" }] }],
  ["a ticket", { tickets: tickets.map((one) => ({ ...one, bookingId: "booking-2" })) }],
  [
    "an accepted try",
    {
      journal: [
        ...abandoned.journal,
        { ...refusal, status: 202, body: JSON.stringify({ bookingId: "booking-2" }) },
      ],
    },
  ],
  [
    "an answer before anybody could have asked",
    {
      journal: [...journal, { ...refusal, sentAt: new Date("2026-12-01T09:58:02.000Z") }],
    },
  ],
];

/** What each checker has to find: a sound world with one thing wrong. */
const damages: Readonly<Record<Name, readonly Damage[]>> = {
  I1: [
    ["two locks on a place", { claims: [...claims, { ...claim, lockId: "lock-2" }] }],
    [
      "two tickets for a seat",
      { tickets: [...tickets, ...tickets.map((one) => ({ ...one, ticketId: "ticket-9" }))] },
    ],
  ],
  I2: [
    ["two kept charges of a payment", { ledger: [charge, { ...charge, id: "charge-2" }] }],
    ["a charge of no payment", { ledger: [charge, { ...charge, reference: "payment-9" }] }],
  ],
  I3: [
    ["a charge without effect", { bookings: [live] }],
    ["a late effect", { ledger: [{ ...charge, at: "2026-12-01T09:58:00.000Z" }] }],
  ],
  I4: [
    [
      "an overdue hold",
      { locks: [{ ...lock, state: "HELD", expiresAt: new Date("2026-12-01T09:59:49.000Z") }] },
    ],
  ],
  I5: [
    ["a missing claim", { claims: claims.slice(1) }],
    ["a claim of an ended lock", { locks: [{ ...lock, state: "RELEASED" }] }],
    ["a claim of no lock", { claims: [...claims, { ...claim, lockId: "lock-9", leg: 7 }] }],
    ["an answered lock that is gone", { locks: [], claims: [] }],
  ],
  I6: [
    [
      "two answers under a key",
      { journal: [...journal, { ...sampleEntry, body: JSON.stringify({ lockId: "lock-2" }) }] },
    ],
    ["two locks of a key", { locks: [lock, { ...lock, lockId: "lock-2" }] }],
  ],
  I7: [
    [
      "a trespass that succeeded",
      {
        journal: [
          ...journal,
          { ...sampleEntry, userId: "bina", action: "trespass", subjectId: "lock-1", status: 200 },
        ],
      },
    ],
    ["another's lock booked", { locks: [{ ...lock, userId: "bina" }] }],
    ["another's payment", { payments: [{ ...payment, userId: "bina" }] }],
    ["another's ticket", { tickets: tickets.map((one) => ({ ...one, userId: "bina" })) }],
  ],
  I8: [
    ["an accepted booking that is gone", { bookings: [] }],
    ["an accepted booking without end", { bookings: [live] }],
    ["a payment without end", { payments: [{ ...payment, state: "UNKNOWN" }] }],
    ["a refund without end", { bookingRefunds: [asked] }],
    ["an unpublished message", { unpublished: [{ database: "booking", count: 1 }] }],
    ["a dead letter", { deadLetters: [{ queue: "some.dead-letter.queue", count: 1 }] }],
    [
      "an accepted cancellation without effect",
      {
        journal: [
          ...journal,
          {
            ...sampleEntry,
            action: "cancel",
            status: 202,
            body: JSON.stringify({ bookingId: "booking-1" }),
          },
        ],
      },
    ],
  ],
  I9: [
    ["confirmed, not sold", { locks: [{ ...lock, state: "PAYING" }] }],
    ["confirmed, a claim missing", { claims: claims.slice(2) }],
    ["confirmed without tickets", { tickets: [] }],
    ["tickets without confirmation", { bookings: [{ ...booking, status: "PAYMENT_FAILED" }] }],
    ["sold without a booking", { bookings: [], tickets: [] }],
    ["in payment without a live booking", { locks: [{ ...lock, state: "PAYING" }] }],
    ["a charge above the price", { ledger: [{ ...charge, amount: 95_000 }] }],
    ["more given back than paid", { ledger: [charge, refund, { ...refund, id: "refund-2" }] }],
    ["captured, unknown to the provider", { ledger: [] }],
  ],
};

describe("the checkers of I1 to I9", () => {
  it("find nothing in a sound world", () => {
    assert.deepEqual(checkInvariants(soundSnapshot), []);
  });

  for (const [name, cases] of Object.entries(damages)) {
    for (const [does, damaged] of cases) {
      it(`${name} finds ${does}`, () => {
        const found = checkInvariants({ ...soundSnapshot, ...damaged });
        assert.ok(
          found.some((violation) => violation.startsWith(`${name}: `)),
          `found ${JSON.stringify(found)}`,
        );
      });
    }
  }

  it("find nothing where a booking was given up by the protocol", () => {
    assert.deepEqual(checkInvariants(abandoned), []);
  });

  for (const [does, damaged] of givenUpWrongly) {
    it(`I8 finds a booking given up that left ${does}`, () => {
      const found = checkInvariants({ ...abandoned, ...damaged });
      assert.ok(
        found.some((violation) => violation.startsWith("I8: the booking of lock lock-2 was given")),
        `found ${JSON.stringify(found)}`,
      );
    });
  }
});
