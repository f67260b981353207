import assert from "node:assert/strict";
import { chooseSeats } from "../../src/domain/choose-seats.ts";
import { planJourney } from "../../src/domain/journey-plan.ts";
import { journeyOf } from "../fixtures/journeys.ts";

const departsAt = new Date("2026-12-01T06:00:00Z");
const plan = planJourney(journeyOf({ departsAt }));
const before = new Date("2026-12-01T05:59:59Z");
const limits = { seatsMax: 4, now: before };

const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

describe("a wish for seats", () => {
  it("is checked against the journey", () => {
    const five = ["seat-1", "seat-2", "seat-3", "seat-4", "seat-5"];
    assert.equal(
      codeOf(() => chooseSeats(plan, { seatIds: five }, limits)),
      "too_many_seats",
    );
    assert.equal(
      codeOf(() => chooseSeats(plan, { seatIds: ["seat-99"] }, limits)),
      "seat_unknown",
    );
    const wrongWay = { seatIds: ["seat-1"], from: "CTG", to: "DHK" };
    assert.equal(
      codeOf(() => chooseSeats(plan, wrongWay, limits)),
      "route_invalid",
    );
  });

  it("is refused once the train has left the boarding station, not before", () => {
    const now = departsAt;
    const boarding = (from: string) => () =>
      chooseSeats(plan, { seatIds: ["seat-1"], from }, { seatsMax: 4, now });
    assert.equal(codeOf(boarding("DHK")), "journey_departed");
    assert.deepEqual(codeOf(boarding("BRM")), { fromSeq: 1, toSeq: 3, from: "BRM", to: "CTG" });
    assert.equal(chooseSeats(plan, { seatIds: ["seat-1"] }, limits).fromSeq, 0);
  });

  it("is never too late for a journey that doesn't depart", () => {
    const never = planJourney(journeyOf({ departsAt, departs: false }));
    const now = new Date("2030-01-01T00:00:00Z");
    assert.equal(chooseSeats(never, { seatIds: ["seat-1"] }, { seatsMax: 4, now }).fromSeq, 0);
  });
});
