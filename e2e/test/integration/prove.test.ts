import assert from "node:assert/strict";
import { findJourneys, type JourneySeats } from "../../chaos/client/journey-seats.ts";
import { cutCalls, cutStore } from "../../chaos/faults/cut-link.ts";
import { deliverTwice } from "../../chaos/faults/deliver-twice.ts";
import type { Fault } from "../../chaos/faults/fault.ts";
import { flushRedis } from "../../chaos/faults/flush-redis.ts";
import { killAtRandom } from "../../chaos/faults/kill-at-random.ts";
import { runFault } from "../../chaos/faults/run-fault.ts";
import { retryOverCuts } from "../../chaos/faults/retry-over-cuts.ts";
import { together } from "../../chaos/faults/together.ts";
import { startSalePlatform, type SalePlatform } from "../../chaos/platform/sale-platform.ts";

/** The short form of `npm run prove`: a few sales with several faults each, then I1 to I9 over all they left behind. */
describe("a sale over real services loses nothing", function () {
  this.timeout(240_000);
  const faults: readonly Fault[] = [
    together("while services die and every message comes twice", [
      killAtRandom("kill -9", ["booking", "payment", "seat-reservation", "ticket"]),
      deliverTwice,
    ]),
    together("while Redis forgets everything and calls are cut off", [flushRedis, cutCalls]),
    together("while stores go away and come back", [
      cutStore("postgres", 700),
      cutStore("redis", 700),
      cutStore("rabbitmq", 700),
    ]),
    retryOverCuts(60),
  ];

  let platform: SalePlatform | undefined;
  let journeys: JourneySeats[];

  before(async () => {
    platform = await startSalePlatform();
    journeys = await findJourneys(platform, faults.length);
  });
  after(async () => platform?.stop());

  for (const fault of faults) {
    it(fault.name, async () => {
      const journey = journeys.shift();
      assert.ok(platform && journey, "a journey to sell");
      const result = await runFault(platform, fault, {
        journey,
        buyers: 32,
        atOnce: 8,
        atLeastMs: 4_000,
      });
      assert.deepEqual(result.lost, [], `see the logs in ${platform.logFolder}`);
      assert.ok(result.injected > 0, "nothing went wrong");
      assert.ok(result.confirmed > 0, "nothing was sold");
    });
  }
});
