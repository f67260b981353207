import assert from "node:assert/strict";
import { journeySchema } from "@jatra/contracts/messages/journey-published.ts";
import { planJourney } from "../../src/domain/plan-journey.ts";
import { testJourney } from "../../src/domain/test-journey.ts";
import { fare, plan } from "./fixtures.ts";

describe("planning a journey", () => {
  it("turns local times into UTC and carries a night train over midnight", () => {
    assert.deepEqual(planJourney(plan, "2026-12-31", fare), {
      journeyId: "9-20261231",
      train: { trainId: "9", number: "9", name: "Night Express" },
      departs: true,
      stops: [
        {
          seq: 0,
          code: "DHK",
          name: "Dhaka",
          arrivesAt: null,
          departsAt: "2026-12-31T17:30:00.000Z",
          distanceKm: 0,
        },
        {
          seq: 1,
          code: "CML",
          name: "Cumilla",
          arrivesAt: "2026-12-31T19:30:00.000Z",
          departsAt: "2026-12-31T19:35:00.000Z",
          distanceKm: 100,
        },
        {
          seq: 2,
          code: "CTG",
          name: "Chattogram",
          arrivesAt: "2026-12-31T22:30:00.000Z",
          departsAt: null,
          distanceKm: 250,
        },
      ],
      coaches: plan.coaches,
      fare,
    });
  });

  it("fits the contract that the other services parse", () => {
    journeySchema.parse(planJourney(plan, "2026-12-01", fare));
  });
});

describe("the test journey", () => {
  it("never departs, runs from Dhaka to Chattogram and has seat-1 to seat-60, each once", () => {
    const journey = journeySchema.parse(testJourney(fare));
    assert.equal(journey.departs, false);
    assert.equal(journey.stops.at(0)?.code, "DHK");
    assert.equal(journey.stops.at(-1)?.code, "CTG");
    const seatIds = journey.coaches.flatMap(({ seats }) => seats.map(({ seatId }) => seatId));
    assert.deepEqual(
      seatIds,
      Array.from({ length: 60 }, (_, index) => `seat-${index + 1}`),
    );
  });
});
