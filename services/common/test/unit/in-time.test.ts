import assert from "node:assert/strict";
import { inTime } from "@jatra/common/service/in-time.ts";

describe("work with a limit", () => {
  const late = (): Error => new Error("late");

  it("gives what the work gives, or throws what it throws", async () => {
    assert.equal(await inTime(Promise.resolve(1), 1_000, late), 1);
    await assert.rejects(inTime(Promise.reject(new Error("broken")), 1_000, late), /broken/);
  });

  it("throws once the time is over, and hears no more of the work", async () => {
    const work = Promise.withResolvers<number>();
    await assert.rejects(inTime(work.promise, 5, late), /late/);
    work.reject(new Error("unheard"));
  });
});
