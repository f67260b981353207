import assert from "node:assert/strict";
import { journeySchema } from "@jatra/contracts/messages/journey-published.ts";
import type { ProblemCode } from "@jatra/contracts/problems.ts";
import { quoteSchema } from "@jatra/contracts/quote.ts";
import { quoteSeats } from "../../src/domain/quote-seats.ts";

/** Times and distances that are easy to add up: DHK –100 km, 2 h→ CML –150 km, 3 h→ CTG. */
const journey = journeySchema.parse({
  journeyId: "9-20261201",
  train: { trainId: "9", number: "9", name: "Night Express" },
  departs: true,
  stops: [
    {
      seq: 0,
      code: "DHK",
      name: "Dhaka",
      arrivesAt: null,
      departsAt: "2026-12-01T17:30:00.000Z",
      distanceKm: 0,
    },
    {
      seq: 1,
      code: "CML",
      name: "Cumilla",
      arrivesAt: "2026-12-01T19:30:00.000Z",
      departsAt: "2026-12-01T19:35:00.000Z",
      distanceKm: 100,
    },
    {
      seq: 2,
      code: "CTG",
      name: "Chattogram",
      arrivesAt: "2026-12-01T22:30:00.000Z",
      departsAt: null,
      distanceKm: 250,
    },
  ],
  coaches: [
    { coach: "KA", class: "SNIGDHA", seats: [{ seatId: "KA-1", number: "1" }] },
    { coach: "KHA", class: "SHOVAN", seats: [{ seatId: "KHA-1", number: "1" }] },
  ],
  fare: {
    fareVersionId: "f1",
    currency: "BDT",
    rates: [
      { class: "SNIGDHA", perKm: 250, minimum: 10_000 },
      { class: "SHOVAN", perKm: 100, minimum: 12_000 },
    ],
  },
});
const before = new Date("2026-12-01T00:00:00Z");
const asked = { fromSeq: 0, toSeq: 2, seatIds: ["KHA-1", "KA-1"] };

const refuses = (code: ProblemCode, change: object, now = before, of = journey): void => {
  assert.throws(() => quoteSeats(of, { ...asked, ...change }, now), { code });
};

describe("quoting seats", () => {
  it("prices each seat by its class and the distance, in the order asked for", () => {
    const quote = quoteSchema.parse(quoteSeats(journey, asked, before));
    assert.deepEqual(quote, {
      currency: "BDT",
      fareVersionId: "f1",
      total: 87_500,
      seats: [
        { seatId: "KHA-1", coach: "KHA", class: "SHOVAN", amount: 25_000 },
        { seatId: "KA-1", coach: "KA", class: "SNIGDHA", amount: 62_500 },
      ],
      train: { number: "9", name: "Night Express" },
      from: { code: "DHK", name: "Dhaka", at: "2026-12-01T17:30:00.000Z" },
      to: { code: "CTG", name: "Chattogram", at: "2026-12-01T22:30:00.000Z" },
      departsAt: "2026-12-01T17:30:00.000Z",
    });
  });

  it("prices a stretch by its own kilometres, at least by the class's minimum", () => {
    const quote = quoteSeats(journey, { ...asked, fromSeq: 0, toSeq: 1 }, before);
    assert.deepEqual(
      quote.seats.map(({ amount }) => amount),
      [12_000, 25_000],
    );
  });

  it("refuses stretches that are none", () => {
    refuses("route_invalid", { fromSeq: 1, toSeq: 1 });
    refuses("route_invalid", { fromSeq: 2, toSeq: 1 });
    refuses("route_invalid", { toSeq: 3 });
  });

  it("refuses seats that the journey doesn't have, and a seat named twice", () => {
    refuses("seat_unknown", { seatIds: ["KA-1", "KA-2"] });
    refuses("seat_unknown", { seatIds: ["KA-1", "KA-1"] });
  });

  it("refuses from the moment the train leaves the boarding stop, not the first one", () => {
    const left = new Date("2026-12-01T17:30:00Z");
    refuses("journey_departed", {}, left);
    assert.equal(quoteSeats(journey, { ...asked, fromSeq: 1 }, left).seats.length, 2);
    refuses("journey_departed", { fromSeq: 1 }, new Date("2026-12-01T19:35:00Z"));
  });

  it("sells a journey that never departs at any time", () => {
    const quote = quoteSeats({ ...journey, departs: false }, asked, new Date("2200-01-01"));
    assert.equal(quote.total, 87_500);
  });
});
