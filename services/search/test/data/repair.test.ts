import assert from "node:assert/strict";
import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import { checkClaims } from "../../src/repair/check-claims.ts";
import { fillFromSchedule } from "../../src/repair/fill-from-schedule.ts";
import { journeyAt, journeyOn, tomorrow } from "../support/journeys.ts";
import { startSearchApp, type SearchApp } from "../support/search-app.ts";

/** Another service's answers, by path; a function may throw. Everything is parsed as the real client would. */
const answering = (
  answers: (path: string) => unknown,
): InternalClient & { readonly paths: string[] } => {
  const paths: string[] = [];
  return {
    paths,
    call: async (call) => {
      paths.push(call.path);
      return { ok: true, status: 200, body: call.response.parse(answers(call.path)) };
    },
  };
};

const DAY_MS = 86_400_000;
const journeys: Journey[] = [
  journeyOn("f-1", tomorrow, "08:00"),
  journeyOn("f-2", tomorrow, "09:00"),
  journeyOn("f-3", tomorrow, "10:00"),
];
const station = (code: string, name: string) => ({ id: code, code, name });

/** Two pages, as schedule-service would give them. */
const scheduleAnswers = (path: string): unknown => {
  if (path.startsWith("/api/stations")) {
    return path.includes("cursor=")
      ? { stations: [station("ZZ", "Far Away")], nextCursor: null }
      : { stations: [station("DHK", "Dhaka Kamalapur")], nextCursor: "next=" };
  }
  return path.includes("after=next%3D")
    ? { journeys: journeys.slice(2), nextCursor: null }
    : { journeys: journeys.slice(0, 2), nextCursor: "next=" };
};

describe("filling from schedule-service", () => {
  let search: SearchApp;
  before(async () => {
    search = await startSearchApp();
  });
  after(() => search.close());

  const dueNow = () =>
    search.database.pool.query("UPDATE turns SET next_at = '-infinity' WHERE name = 'fill'");
  const idsNow = async (): Promise<string[]> => {
    const { rows } = await search.database.pool.query<{ id: string }>(
      "SELECT journey_id AS id FROM journeys ORDER BY 1",
    );
    return rows.map(({ id }) => id);
  };

  it("fills an empty read model, page by page, by one pod of many", async () => {
    const schedule = answering(scheduleAnswers);
    const { pool } = search.database;
    const missing = await Promise.all(
      Array.from({ length: 4 }, () => fillFromSchedule({ pool, schedule })),
    );
    assert.deepEqual(
      missing.toSorted((a, b) => a - b),
      [0, 0, 0, 3],
    );
    assert.deepEqual(await idsNow(), ["f-1", "f-2", "f-3"]);
    assert.equal(schedule.paths.length, 4);
  });

  it("takes the stations' names from the list, and keeps those where trains call", async () => {
    const { rows } = await search.database.pool.query("SELECT code, name FROM stations ORDER BY 1");
    assert.deepEqual(rows, [
      { code: "CML", name: "Cumilla" },
      { code: "CTG", name: "Chattogram" },
      { code: "DHK", name: "Dhaka Kamalapur" },
      { code: "ZZ", name: "Far Away" },
    ]);
  });

  it("finds nothing missing the next time, and brings back what was lost", async () => {
    const { pool } = search.database;
    await dueNow();
    assert.equal(await fillFromSchedule({ pool, schedule: answering(scheduleAnswers) }), 0);
    await pool.query("DELETE FROM journeys WHERE journey_id = 'f-2'");
    await dueNow();
    assert.equal(await fillFromSchedule({ pool, schedule: answering(scheduleAnswers) }), 1);
    assert.deepEqual(await idsNow(), ["f-1", "f-2", "f-3"]);
  });

  it("gives the turn back when schedule-service is away", async () => {
    const { pool } = search.database;
    await dueNow();
    const away = answering(() => {
      throw new Error("no answer");
    });
    await assert.rejects(fillFromSchedule({ pool, schedule: away }), /no answer/);
    const schedule = answering(scheduleAnswers);
    await fillFromSchedule({ pool, schedule });
    assert.ok(schedule.paths.length > 0);
  });

  it("forgets journeys that ended a day ago", async () => {
    await search.publish(journeyAt("old", new Date(Date.now() - 2 * DAY_MS)));
    await search.publish(journeyAt("just-ended", new Date(Date.now() - DAY_MS / 2)));
    await dueNow();
    await fillFromSchedule({ pool: search.database.pool, schedule: answering(scheduleAnswers) });
    assert.deepEqual(await idsNow(), ["f-1", "f-2", "f-3", "just-ended"]);
  });
});

describe("asking seat-reservation for claims", () => {
  let search: SearchApp;
  before(async () => {
    search = await startSearchApp();
    for (const journey of journeys) await search.publish(journey);
    await search.publish(journeyAt("over", new Date(Date.now() - DAY_MS)));
  });
  after(() => search.close());

  const claims = [{ seatId: "KHA-1", legs: [0, 1] }];
  const answers = (path: string): unknown => {
    const journeyId = path.split("/")[3];
    return journeyId === "f-1"
      ? { journeyId, revision: 5, claims }
      : { journeyId, revision: 0, claims: [] };
  };

  it("asks once for each journey on sale, though pods ask at the same time", async () => {
    const seats = answering(answers);
    const options = { pool: search.database.pool, seats, applyClaims: search.applyClaims };
    const repaired = await Promise.all([checkClaims(options), checkClaims(options)]);
    assert.equal(repaired[0] + repaired[1], 1);
    assert.deepEqual(
      seats.paths.toSorted((a, b) => (a < b ? -1 : 1)),
      ["f-1", "f-2", "f-3"].map((id) => `/internal/journeys/${id}/claims`),
    );
    const { rows } = await search.database.pool.query(
      "SELECT revision, free_seats->'SHOVAN' AS free FROM journeys WHERE journey_id = 'f-1'",
    );
    assert.deepEqual(rows, [{ revision: 5, free: [[0, 0], [0]] }]);
  });

  it("asks again after ten minutes, and puts right what a lost message left wrong", async () => {
    const { pool } = search.database;
    const { applyClaims } = search;
    const quiet = answering(answers);
    await checkClaims({ pool, seats: quiet, applyClaims });
    assert.deepEqual(quiet.paths, []);
    await pool.query("UPDATE journeys SET checked_at = now() - interval '601 seconds'");
    const seats = answering((path) => {
      const journeyId = path.split("/")[3];
      return { journeyId, revision: journeyId === "f-2" ? 3 : 0, claims };
    });
    assert.equal(await checkClaims({ pool, seats, applyClaims }), 1);
  });

  it("comes back at once to those it could not ask about", async () => {
    const { pool } = search.database;
    const { applyClaims } = search;
    await pool.query("UPDATE journeys SET checked_at = '-infinity'");
    const away = answering(() => {
      throw new Error("no answer");
    });
    await assert.rejects(checkClaims({ pool, seats: away, applyClaims }), /no answer/);
    const seats = answering(answers);
    await checkClaims({ pool, seats, applyClaims });
    assert.equal(seats.paths.length, 3);
  });
});
