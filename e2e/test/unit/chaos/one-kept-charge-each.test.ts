import assert from "node:assert/strict";
import { oneKeptChargeEach } from "../../../chaos/retries/one-kept-charge-each.ts";
import { soundSnapshot } from "./sample-snapshot.ts";

const retried = {
  ...soundSnapshot,
  journal: soundSnapshot.journal.map((entry) => ({ ...entry, userId: "retrier-1" })),
};
const [charge] = soundSnapshot.ledger;
assert.ok(charge);
const refund = { ...charge, kind: "refund", status: "done", id: "refund-1" } as const;

describe("one kept charge each", () => {
  for (const [title, ledger, found] of [
    ["accepts one charge", [charge], []],
    ["accepts a charge that was given back beside one that is kept", [charge, charge, refund], []],
    ["finds a booking that wasn't charged", [], ["booking booking-1 keeps 0 charges (of 0)"]],
    ["finds a double charge", [charge, charge], ["booking booking-1 keeps 2 charges (of 2)"]],
    ["finds a refund", [charge, refund], ["booking booking-1 keeps 0 charges (of 1)"]],
  ] as const) {
    it(title, () => assert.deepEqual(oneKeptChargeEach({ ...retried, ledger }), found));
  }

  it("asks nothing of other clients' bookings", () => {
    assert.deepEqual(oneKeptChargeEach({ ...soundSnapshot, ledger: [] }), []);
  });
});
