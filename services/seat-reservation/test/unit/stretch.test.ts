import assert from "node:assert/strict";
import fc from "fast-check";
import { legsOf, stretchOf } from "../../src/domain/stretch.ts";
import { seatKeysOf } from "../../src/locks/seat-keys.ts";
import { journeyOf } from "../fixtures/journeys.ts";

const stations = ["DHK", "BRM", "COM", "FEN", "CTG"];
const journey = journeyOf({ stations });

describe("a stretch of a route", () => {
  it("is the whole route when no station is named", () => {
    const whole = { fromSeq: 0, toSeq: 4, from: "DHK", to: "CTG" };
    assert.deepEqual(stretchOf(journey, undefined, undefined), whole);
    assert.deepEqual(stretchOf(journey, "DHK", undefined), whole);
    assert.deepEqual(stretchOf(journey, undefined, "CTG"), whole);
  });

  it("is refused for stations that aren't on the route, in the wrong order or the same", () => {
    for (const [from, to] of [
      ["SYL", "CTG"],
      ["DHK", "SYL"],
      ["CTG", "DHK"],
      ["COM", "COM"],
      ["CTG", undefined],
      [undefined, "DHK"],
    ]) {
      assert.equal(stretchOf(journey, from, to), undefined, `${from} to ${to}`);
    }
  });

  it("shares a leg with another exactly when both are somewhere at the same time", () => {
    const seq = fc.integer({ min: 0, max: 3 });
    const stretches = fc
      .tuple(seq, fc.integer({ min: 1, max: 4 }))
      .filter(([fromSeq, toSeq]) => fromSeq < toSeq)
      .map(([fromSeq, toSeq]) => ({ fromSeq, toSeq }));
    fc.assert(
      fc.property(stretches, stretches, (a, b) => {
        const legs = new Set(legsOf(a));
        const shared = legsOf(b).some((leg) => legs.has(leg));
        assert.equal(shared, a.fromSeq < b.toSeq && b.fromSeq < a.toSeq);
      }),
    );
  });
});

describe("the keys of a lock", () => {
  it("carry the journey as hash tag and come sorted, however the seats were listed", () => {
    const seats = { journeyId: "j", fromSeq: 1, toSeq: 3 };
    const keys = [
      "seat:{j}:seat-1:1",
      "seat:{j}:seat-1:2",
      "seat:{j}:seat-2:1",
      "seat:{j}:seat-2:2",
    ];
    const seatIds = ["seat-1", "seat-1", "seat-2", "seat-2"];
    assert.deepEqual(seatKeysOf({ ...seats, seatIds: ["seat-2", "seat-1"] }), { keys, seatIds });
    assert.deepEqual(seatKeysOf({ ...seats, seatIds: ["seat-1", "seat-2"] }), { keys, seatIds });
  });
});
