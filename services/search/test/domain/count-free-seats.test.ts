import assert from "node:assert/strict";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import fc from "fast-check";
import { countFreeSeats, freeOn } from "../../src/domain/count-free-seats.ts";

const coach = (
  name: string,
  travelClass: "SNIGDHA" | "SHOVAN",
  seatCount: number,
): Journey["coaches"][number] => ({
  coach: name,
  class: travelClass,
  seats: Array.from({ length: seatCount }, (_, index) => ({
    seatId: `${name}-${index + 1}`,
    number: String(index + 1),
  })),
});
const coaches = [coach("KA", "SNIGDHA", 2), coach("KHA", "SHOVAN", 3), coach("GA", "SHOVAN", 1)];

describe("counting free seats", () => {
  it("adds up the coaches of a class when nothing is claimed", () => {
    assert.deepEqual(countFreeSeats(coaches, 3, []), {
      SNIGDHA: [[2, 2], [2]],
      SHOVAN: [[4, 4], [4]],
    });
  });

  it("takes a seat from every stretch that touches its claimed leg, and from no other", () => {
    // Four stops, legs 0, 1, 2; KA-1 is claimed on the middle one.
    const free = countFreeSeats(coaches, 4, [{ seatId: "KA-1", legs: [1] }]);
    assert.deepEqual(free["SNIGDHA"], [[2, 1, 1], [1, 1], [2]]);
    assert.deepEqual(free["SHOVAN"], [[4, 4, 4], [4, 4], [4]]);
  });

  it("counts a seat once, whatever legs of it are claimed by how many", () => {
    const claims = [
      { seatId: "KA-1", legs: [0] },
      { seatId: "KA-1", legs: [2] },
    ];
    assert.deepEqual(countFreeSeats(coaches, 4, claims)["SNIGDHA"], [[1, 1, 1], [2, 1], [1]]);
  });

  it("ignores seats and legs that the journey doesn't have", () => {
    const claims = [
      { seatId: "XX-1", legs: [0] },
      { seatId: "KA-1", legs: [7] },
    ];
    assert.deepEqual(countFreeSeats(coaches, 3, claims), countFreeSeats(coaches, 3, []));
  });

  it("agrees with looking at each seat and leg, for any claims", () => {
    const stopCount = 5;
    const seatIds = coaches.flatMap(({ seats }) => seats.map(({ seatId }) => seatId));
    const claim = fc.record({
      seatId: fc.constantFrom(...seatIds),
      legs: fc.uniqueArray(fc.integer({ min: 0, max: stopCount - 2 })),
    });
    const stretch = fc
      .tuple(fc.nat(stopCount - 2), fc.nat(stopCount - 2))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 12 }), stretch, (claims, [from, to]) => {
        const free = countFreeSeats(coaches, stopCount, claims);
        const expected = coaches
          .filter((candidate) => candidate.class === "SHOVAN")
          .flatMap(({ seats }) => seats)
          .filter(({ seatId }) =>
            claims.every(
              (one) => one.seatId !== seatId || one.legs.every((leg) => leg < from || leg >= to),
            ),
          );
        assert.equal(freeOn(free, "SHOVAN", from, to), expected.length);
      }),
    );
  });
});
