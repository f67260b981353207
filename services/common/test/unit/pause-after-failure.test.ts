import assert from "node:assert/strict";
import { PublishError } from "@jatra/common/messaging/publish-error.ts";
import { pauseSecondsAfter } from "@jatra/common/outbox/pause-after-failure.ts";

describe("the pause of an outbox row", () => {
  it("stays short after lost confirms, so that a broker's return is soon noticed", () => {
    for (const failure of ["disconnected", "timeout"] as const) {
      assert.ok(pauseSecondsAfter(new PublishError(failure, "x"), 50) <= 2);
    }
  });

  it("grows after refusals, so that a hopeless row leaves room for others", () => {
    for (const error of [new PublishError("unroutable", "x"), new Error("x")]) {
      assert.ok(pauseSecondsAfter(error, 1) <= 0.5);
      assert.ok(pauseSecondsAfter(error, 50) >= 15);
    }
  });
});
