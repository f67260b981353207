import assert from "node:assert/strict";
import { offerClasses, type Stretch } from "../../src/domain/offer-classes.ts";

const stretch: Stretch = {
  fromSeq: 0,
  toSeq: 1,
  distanceKm: 100,
  fare: {
    fareVersionId: "f1",
    currency: "BDT",
    rates: [
      { class: "SHOVAN", perKm: 100, minimum: 12_000 },
      { class: "SNIGDHA", perKm: 250.5, minimum: 100 },
      { class: "AC_BERTH", perKm: 500, minimum: 0 },
    ],
  },
  freeSeats: { SHOVAN: [[3, 1], [2]], SNIGDHA: [[0, 0], [0]], AC_SEAT: [[9, 9], [9]] },
};

describe("offering the classes of a stretch", () => {
  it("shows fare and free seats of that stretch, dearest kind first, full ones with 0", () => {
    assert.deepEqual(offerClasses(stretch), [
      { class: "SNIGDHA", fare: { amount: 25_100, currency: "BDT" }, seatsFree: 0 },
      { class: "SHOVAN", fare: { amount: 12_000, currency: "BDT" }, seatsFree: 3 },
    ]);
    assert.equal(offerClasses({ ...stretch, toSeq: 2 }).at(-1)?.seatsFree, 1);
  });

  it("leaves out classes without a rate and classes without seats", () => {
    const offered = offerClasses(stretch).map((offer) => offer.class);
    assert.equal(offered.includes("AC_SEAT") || offered.includes("AC_BERTH"), false);
  });
});
