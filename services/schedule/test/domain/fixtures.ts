import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import type { TrainPlan } from "../../src/domain/plan-journey.ts";

/** Times and distances that are easy to add up: DHK –100 km, 2 h→ CML –150 km, 3 h→ CTG. */
export const plan: TrainPlan = {
  trainId: "9",
  name: "Night Express",
  departureTime: "23:30",
  daysOff: [],
  stops: [
    { station: "DHK", name: "Dhaka", distanceKm: 0, arriveMinutes: null, departMinutes: 0 },
    { station: "CML", name: "Cumilla", distanceKm: 100, arriveMinutes: 120, departMinutes: 125 },
    {
      station: "CTG",
      name: "Chattogram",
      distanceKm: 250,
      arriveMinutes: 300,
      departMinutes: null,
    },
  ],
  coaches: [
    { coach: "KA", class: "SNIGDHA", seats: [{ seatId: "KA-1", number: "1" }] },
    { coach: "KHA", class: "SHOVAN", seats: [{ seatId: "KHA-1", number: "1" }] },
  ],
};

export const fare: Journey["fare"] = {
  fareVersionId: "f1",
  currency: "BDT",
  rates: [
    { class: "SNIGDHA", perKm: 250, minimum: 10_000 },
    { class: "SHOVAN", perKm: 100, minimum: 12_000 },
  ],
};
