import assert from "node:assert/strict";
import { queues } from "@jatra/contracts/topology.ts";
import { api, signIn } from "./support/api.ts";
import { buySeats, freeSeats } from "./support/buy-seats.ts";
import { eventually } from "./support/eventually.ts";
import { kubectl } from "./support/kubectl.ts";
import { startTraffic } from "./support/traffic.ts";

const BROKER = ["exec", "rabbitmq-0", "--", "rabbitmqctl", "--quiet"] as const;
/** The operator looks at the broker every 15 s. */
const DECLARED_AGAIN_MS = 60_000;
/** The sweepers ask every ten seconds for what got stuck. */
const CONFIRMED_MS = 120_000;
const BOOKINGS_MIN = 10;

const present = async (): Promise<string[]> =>
  (await kubectl(...BROKER, "list_queues", "name", "--no-table-headers")).trim().split("\n");

describe("queues that are deleted in mid-sale", () => {
  it("come back, and no booking is lost with them", async function () {
    this.timeout(600_000);
    const { token } = await signIn();
    const booked: string[] = [];
    const seats = await freeSeats(400);
    const before = (await present()).toSorted();
    const traffic = startTraffic(buySeats({ seats, token, booked }), { clients: 2, pauseMs: 300 });
    try {
      await eventually("the sale is on", 60_000, async () => assert.ok(booked.length >= 3));
      // Those of the payments' way, with the messages that are in them.
      for (const name of Object.keys(queues).filter((queue) =>
        /^(payment|booking)\./.test(queue),
      )) {
        await kubectl(...BROKER, "delete_queue", name);
      }
      const soldUntilThen = booked.length;
      await eventually("all queues are back", DECLARED_AGAIN_MS, async () => {
        assert.deepEqual((await present()).toSorted(), before);
      });
      await eventually("the sale goes on", 120_000, async () => {
        assert.ok(booked.length >= Math.max(BOOKINGS_MIN, soldUntilThen + 3));
      });
    } finally {
      await traffic.stop();
    }
    for (const bookingId of booked) {
      await eventually(`booking ${bookingId} is confirmed`, CONFIRMED_MS, async () => {
        const { body } = await api("GET", `/api/bookings/${bookingId}`, { token });
        assert.equal(body["status"], "CONFIRMED");
      });
    }
    console.log(`      ${booked.length} bookings, all confirmed`);
  });
});
