import assert from "node:assert/strict";
import fc from "fast-check";
import { ticketNumber } from "../../src/domain/ticket-number.ts";

const departsAt = new Date("2026-12-01T06:00:00Z");

describe("a ticket's number", () => {
  it("carries the day on the passengers' calendar", () => {
    assert.match(ticketNumber(42, departsAt), /^JT-261201-0000042-\d$/);
    assert.match(ticketNumber(42, new Date("2026-11-30T19:00:00Z")), /^JT-261201-/);
  });

  it("never is another ticket's, whatever their days", () => {
    const serial = fc.integer({ min: 1, max: 10 ** 12 });
    const day = fc.date({
      min: new Date("2026-01-01"),
      max: new Date("2099-01-01"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(serial, serial, day, day, (one, other, oneDay, otherDay) => {
        fc.pre(one !== other);
        assert.notEqual(ticketNumber(one, oneDay), ticketNumber(other, otherDay));
      }),
    );
  });

  it("gives away a wrong digit", () => {
    const number = ticketNumber(1_234_567, departsAt);
    const misread = ticketNumber(1_234_561, departsAt);
    assert.notEqual(number.at(-1), misread.at(-1));
  });
});
