import assert from "node:assert/strict";
import { connectRabbit, type RabbitConnection } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestVhost, type TestVhost } from "@jatra/testing/test-vhost.ts";
import { takeInJourneys } from "../../src/consumers/take-in-journeys.ts";
import { takeInSeats } from "../../src/consumers/take-in-seats.ts";
import { journeyOn, tomorrow } from "../support/journeys.ts";
import { startSearchApp, type SearchApp } from "../support/search-app.ts";

describe("messages into the read model", () => {
  let search: SearchApp;
  let vhost: TestVhost;
  let rabbit: RabbitConnection;
  before(async () => {
    [search, vhost] = await Promise.all([startSearchApp(), createTestVhost()]);
    rabbit = connectRabbit({
      url: vhost.url,
      logger: silentLogger,
      metrics: createMetrics("search-service"),
    });
    rabbit.consume(takeInJourneys(search.database));
    rabbit.consume(takeInSeats(search));
    await eventually(() => rabbit.isReady());
  });
  after(async () => {
    await rabbit.close();
    await Promise.all([search.close(), vhost.drop()]);
  });

  const send = (exchange: string, type: string, content: unknown): Promise<void> =>
    rabbit.publish({
      exchange,
      routingKey: type,
      type,
      messageId: crypto.randomUUID(),
      requestId: "r-1",
      content,
    });
  const freeSeats = async (): Promise<number | undefined> => {
    const path = `/api/search/journeys?from=DHK&to=CTG&date=${tomorrow}`;
    const { body } = await search.app.request("GET", path);
    const text = JSON.stringify(body);
    const found = /"SNIGDHA".*?"seatsFree":(\d+)/.exec(text);
    return found ? Number(found[1]) : undefined;
  };

  it("shows a journey once it is published, though the message comes twice", async () => {
    const journey = journeyOn("m-1", tomorrow, "08:00");
    await send("schedule.exchange", "journey.published", journey);
    await send("schedule.exchange", "journey.published", journey);
    assert.equal(await eventually(freeSeats), 2);
  });

  it("shows the seats as of the newest revision, in whatever order the messages come", async () => {
    const change = (revision: number, seatIds: string[]) =>
      send("seat.exchange", "seats.changed", {
        journeyId: "m-1",
        revision,
        claims: seatIds.map((seatId) => ({ seatId, legs: [0, 1] })),
      });
    await change(3, ["KA-1", "KA-2"]);
    await change(1, ["KA-1"]);
    await change(2, []);
    assert.equal(await eventually(async () => ((await freeSeats()) === 0 ? 0 : undefined)), 0);
    // The old ones have been dealt with when the queue is empty and a newer change arrives.
    await change(4, ["KA-1"]);
    assert.equal(await eventually(async () => ((await freeSeats()) === 1 ? 1 : undefined)), 1);
  });
});
