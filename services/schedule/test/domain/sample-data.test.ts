import assert from "node:assert/strict";
import { routeBodySchema, trainBodySchema } from "@jatra/contracts/timetable.ts";
import { routeFault } from "../../src/domain/check-route.ts";
import { expandTrain } from "../../src/sample/expand-train.ts";
import { sampleRates } from "../../src/sample/fares.ts";
import { sampleStations } from "../../src/sample/stations.ts";
import { sampleTrains } from "../../src/sample/trains.ts";

const expanded = sampleTrains.map(expandTrain);

describe("the sample railway", () => {
  it("has at least 20 stations and 10 trains, with Dhaka and Chattogram", () => {
    assert.ok(Object.keys(sampleStations).length >= 20);
    assert.ok(sampleTrains.length >= 10);
    assert.deepEqual([sampleStations["DHK"], sampleStations["CTG"]], ["Dhaka", "Chattogram"]);
    assert.equal(new Set(sampleTrains.map(({ number }) => number)).size, sampleTrains.length);
  });

  it("is what the API itself would accept", () => {
    for (const { route, train } of expanded) {
      routeBodySchema.parse(route);
      trainBodySchema.parse(train);
      assert.equal(routeFault(route.stops), undefined, route.id);
      for (const { station } of route.stops) assert.ok(sampleStations[station], station);
    }
  });

  it("has a fare for every class of its coaches", () => {
    const priced = new Set(sampleRates.map((rate) => rate.class));
    const classes = expanded.flatMap(({ train }) => train.coaches.map((coach) => coach.class));
    assert.deepEqual(
      classes.filter((travelClass) => !priced.has(travelClass)),
      [],
    );
  });

  it("runs several direct trains from Dhaka to Chattogram on every weekday", () => {
    const direct = expanded.filter(({ route: { stops } }) => {
      const codes = stops.map(({ station }) => station);
      return codes.includes("DHK") && codes.indexOf("DHK") < codes.indexOf("CTG");
    });
    for (const day of [0, 1, 2, 3, 4, 5, 6]) {
      const running = direct.filter(({ train }) => !train.daysOff.includes(day));
      assert.ok(running.length >= 3, `day ${day}`);
    }
  });
});
