import assert from "node:assert/strict";
import { addDays } from "@jatra/contracts/dhaka-time.ts";
import { searchJourneys } from "@jatra/contracts/http/search.ts";
import type { TestAnswer } from "@jatra/testing/test-app.ts";
import { journeyAt, journeyOn, tomorrow } from "../support/journeys.ts";
import { startSearchApp, type SearchApp } from "../support/search-app.ts";

const MINUTE_MS = 60_000;
const answerSchema = searchJourneys.responses[200]?.schema;
const codeOf = ({ status, body }: TestAnswer): unknown => [
  status,
  typeof body === "object" && body !== null && "code" in body ? body.code : undefined,
];

describe("searching journeys", () => {
  let search: SearchApp;
  const inTwo = addDays(tomorrow, 1);
  const inThree = addDays(tomorrow, 2);
  before(async () => {
    search = await startSearchApp();
    await search.publish(journeyOn("702-a", tomorrow, "08:00"));
    // Leaves Dhaka on the second day and Cumilla after midnight, on the third.
    await search.publish(journeyOn("742-night", inTwo, "23:15"));
    await search.publish(journeyOn("742-first", inTwo, "00:00"));
  });
  after(() => search.close());

  const find = (from: string, to: string, date: string, more = ""): Promise<TestAnswer> =>
    search.app.request("GET", `/api/search/journeys?from=${from}&to=${to}&date=${date}${more}`);
  const idsOf = async (answer: Promise<TestAnswer>): Promise<string[]> => {
    const { status, body } = await answer;
    assert.equal(status, 200);
    const parsed = answerSchema?.parse(body);
    assert.ok(parsed instanceof Object && "journeys" in parsed && Array.isArray(parsed.journeys));
    return parsed.journeys.map(({ journeyId }: { journeyId: string }) => journeyId);
  };

  it("answers as documented", async () => {
    const { body } = await find("DHK", "CTG", tomorrow);
    assert.deepEqual(body, {
      journeys: [
        {
          journeyId: "702-a",
          train: { number: "702", name: "Subarna Express" },
          from: { code: "DHK", name: "Dhaka", at: `${tomorrow}T02:00:00.000Z` },
          to: { code: "CTG", name: "Chattogram", at: `${tomorrow}T07:30:00.000Z` },
          classes: [
            { class: "SNIGDHA", fare: { amount: 77_700, currency: "BDT" }, seatsFree: 2 },
            { class: "SHOVAN", fare: { amount: 33_800, currency: "BDT" }, seatsFree: 1 },
          ],
        },
      ],
      nextCursor: null,
    });
  });

  it("prices a stretch by its own distance", async () => {
    const { body } = await find("CML", "CTG", tomorrow);
    assert.ok(JSON.stringify(body).includes('"amount":37100'));
  });

  it("counts the day of the departure at the boarding stop, across midnight", async () => {
    assert.deepEqual(await idsOf(find("DHK", "CTG", inTwo)), ["742-first", "742-night"]);
    assert.deepEqual(await idsOf(find("CML", "CTG", inTwo)), ["742-first"]);
    assert.deepEqual(await idsOf(find("CML", "CTG", inThree)), ["742-night"]);
    assert.deepEqual(await idsOf(find("DHK", "CTG", inThree)), []);
    assert.deepEqual(await idsOf(find("DHK", "CTG", addDays(tomorrow, -1))), []);
  });

  it("finds nothing against the direction of travel", async () => {
    assert.deepEqual(await idsOf(find("CTG", "DHK", tomorrow)), []);
  });

  it("pages by cursor in the order of departure", async () => {
    const first = await find("DHK", "CTG", inTwo, "&limit=1");
    assert.ok(first.body instanceof Object && "nextCursor" in first.body);
    const cursor = String(first.body.nextCursor);
    assert.deepEqual(await idsOf(Promise.resolve(first)), ["742-first"]);
    const second = await find("DHK", "CTG", inTwo, `&limit=1&cursor=${cursor}`);
    assert.ok(second.body instanceof Object && "nextCursor" in second.body);
    assert.deepEqual(await idsOf(Promise.resolve(second)), ["742-night"]);
    assert.equal(second.body.nextCursor, null);
  });

  it("shows a train that is under way only to those whom it can still pick up", async () => {
    const left = new Date(Date.now() - 60 * MINUTE_MS);
    await search.publish(journeyAt("under-way", left));
    const dates = [addDays(tomorrow, -2), addDays(tomorrow, -1), tomorrow];
    const from = async (code: string): Promise<string[]> => {
      const days = await Promise.all(dates.map((date) => idsOf(find(code, "CTG", date))));
      return days.flat().filter((id) => id === "under-way");
    };
    assert.deepEqual(await from("DHK"), []);
    assert.deepEqual(await from("CML"), ["under-way"]);
  });

  it("shows a journey that never departs, whatever its time says", async () => {
    const past = new Date(Date.now() - 24 * 60 * MINUTE_MS);
    await search.publish(journeyAt("test-journey", past, { departs: false }));
    const date = addDays(tomorrow, -2);
    assert.deepEqual(await idsOf(find("DHK", "CTG", date)), ["test-journey"]);
  });

  it("refuses unknown stations, one station twice, and what isn't a date", async () => {
    assert.deepEqual(codeOf(await find("ZZZ", "CTG", tomorrow)), [404, "station_not_found"]);
    assert.deepEqual(codeOf(await find("DHK", "ZZZ", tomorrow)), [404, "station_not_found"]);
    assert.deepEqual(codeOf(await find("DHK", "DHK", tomorrow)), [422, "route_invalid"]);
    assert.deepEqual(codeOf(await find("DHK", "CTG", "2026-02-30")), [400, "validation_failed"]);
    assert.deepEqual(codeOf(await find("dhk", "CTG", tomorrow)), [400, "validation_failed"]);
    const madeUp = await find("DHK", "CTG", tomorrow, "&cursor=abc");
    assert.deepEqual(codeOf(madeUp), [400, "validation_failed"]);
  });
});

describe("a crowd that searches", () => {
  it("asks the database once a second for the same, and for each other thing by itself", async () => {
    const search = await startSearchApp({ foundTtlMs: 60_000 });
    try {
      await search.publish(journeyOn("702-a", tomorrow, "08:00"));
      const find = async (to: string): Promise<string> => {
        const path = `/api/search/journeys?from=DHK&to=${to}&date=${tomorrow}`;
        return String((await search.app.request("GET", path)).bytes);
      };
      const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => find("CTG")));
      assert.ok(first?.includes("702-a"));
      await search.publish(journeyOn("704-b", tomorrow, "09:00"));
      assert.deepEqual(new Set([...others, await find("CTG")]), new Set([first]));
      assert.ok((await find("CML")).includes("704-b"));
    } finally {
      await search.close();
    }
  });
});

describe("searching stations", () => {
  let search: SearchApp;
  before(async () => {
    search = await startSearchApp();
    await search.database.pool.query(
      `INSERT INTO stations (code, name) VALUES
       ('DHK', 'Dhaka'), ('AIR', 'Dhaka Airport'), ('CTG', 'Chattogram'), ('KA', 'Kamalapur'), ('PCT', '100% Street')`,
    );
  });
  after(() => search.close());

  const codes = async (q: string, more = ""): Promise<string[]> => {
    const path = `/api/search/stations?q=${encodeURIComponent(q)}${more}`;
    const { body } = await search.app.request("GET", path);
    assert.ok(body instanceof Object && "stations" in body && Array.isArray(body.stations));
    return body.stations.map(({ code }: { code: string }) => code);
  };

  it("finds by code and name, whatever the case, the closest first", async () => {
    assert.deepEqual(await codes("dhaka"), ["AIR", "DHK"]);
    assert.deepEqual(await codes("ctg"), ["CTG"]);
    assert.deepEqual(await codes("KA"), ["KA", "AIR", "DHK"]);
    assert.deepEqual(await codes("zzz"), []);
  });

  it("takes wildcards for characters", async () => {
    assert.deepEqual(await codes("%"), ["PCT"]);
    assert.deepEqual(await codes("_"), []);
  });

  it("pages by cursor", async () => {
    const first = await search.app.request("GET", "/api/search/stations?q=ka&limit=1");
    assert.ok(first.body instanceof Object && "nextCursor" in first.body);
    const cursor = String(first.body.nextCursor);
    assert.deepEqual(await codes("ka", `&limit=5&cursor=${cursor}`), ["AIR", "DHK"]);
  });

  it("wants a text", async () => {
    for (const path of ["/api/search/stations", "/api/search/stations?q=%20"]) {
      const answer = await search.app.request("GET", path);
      assert.deepEqual(codeOf(answer), [400, "validation_failed"]);
    }
  });
});
