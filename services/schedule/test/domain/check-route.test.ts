import assert from "node:assert/strict";
import type { RouteStop } from "@jatra/contracts/timetable.ts";
import { routeFault } from "../../src/domain/check-route.ts";

const first = { station: "DHK", distanceKm: 0, arriveMinutes: null, departMinutes: 0 };
const middle = { station: "CML", distanceKm: 100, arriveMinutes: 90, departMinutes: 95 };
const last = { station: "CTG", distanceKm: 250, arriveMinutes: 200, departMinutes: null };

const faulty = (stops: readonly RouteStop[], sentence: RegExp): void => {
  assert.match(routeFault(stops) ?? "no fault", sentence);
};

describe("checking a route", () => {
  it("accepts stops whose distance and time grow", () => {
    assert.equal(routeFault([first, middle, last]), undefined);
    assert.equal(routeFault([first, last]), undefined);
  });

  it("names what is wrong", () => {
    faulty([first], /two stops/);
    faulty([first, { ...middle, station: "DHK" }, last], /DHK is there twice/);
    faulty([first, { ...middle, distanceKm: 250 }, last], /CTG: the distance must grow/);
    faulty([first, { ...middle, arriveMinutes: null }, last], /CML: only the first stop/);
    faulty([first, { ...middle, departMinutes: null }, last], /CML: only the last stop/);
    faulty([first, { ...middle, departMinutes: 89 }, last], /CML: it leaves before it arrives/);
    faulty([first, { ...middle, departMinutes: 200 }, last], /CTG: the time must grow/);
    faulty([{ ...first, distanceKm: 1 }, middle, last], /count from 0/);
    faulty([{ ...first, departMinutes: 5 }, middle, last], /count from 0/);
  });
});
