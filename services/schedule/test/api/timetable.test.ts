import assert from "node:assert/strict";
import type { TestAnswer, TestRequest } from "@jatra/testing/test-app.ts";
import { startScheduleApp, type ScheduleApp } from "../support/schedule-app.ts";

const admin = { userId: "a1", role: "admin" } as const;
const codeOf = ({ status, body }: TestAnswer): unknown => [
  status,
  typeof body === "object" && body !== null && "code" in body ? body.code : undefined,
];
const stops = [
  { station: "DHK", distanceKm: 0, arriveMinutes: null, departMinutes: 0 },
  { station: "CTG", distanceKm: 321, arriveMinutes: 300, departMinutes: null },
];
const train = {
  number: "9",
  name: "Night Express",
  routeId: "main",
  departureTime: "23:30",
  coaches: [{ coach: "KA", class: "SNIGDHA", seatCount: 3 }],
};

describe("the timetable's API", () => {
  let schedule: ScheduleApp;
  before(async () => {
    schedule = await startScheduleApp();
  });
  after(() => schedule.close());

  const ask = (method: string, path: string, options: TestRequest = {}): Promise<TestAnswer> =>
    schedule.app.request(method, path, options);
  const act = (method: string, path: string, body?: unknown): Promise<TestAnswer> =>
    ask(method, path, { identity: admin, ...(body === undefined ? {} : { body }) });

  it("lets an admin build a railway from nothing", async () => {
    const station = await act("POST", "/api/stations", { code: "DHK", name: "Dhaka" });
    assert.deepEqual(
      [station.status, station.headers["location"], station.body],
      [201, "/api/stations/DHK", { id: "DHK", code: "DHK", name: "Dhaka" }],
    );
    assert.equal((await act("POST", "/api/stations", { code: "CTG", name: "CTG" })).status, 201);
    const route = await act("POST", "/api/routes", { id: "main", name: "Main line", stops });
    assert.equal(route.status, 201);
    const rates = [{ class: "SNIGDHA", perKm: 200, minimum: 100 }];
    assert.equal((await act("POST", "/api/fares", { rates })).status, 201);
    const made = await act("POST", "/api/trains", train);
    assert.deepEqual(
      [made.status, made.body],
      [
        201,
        {
          id: "9",
          ...train,
          from: { code: "DHK", name: "Dhaka" },
          to: { code: "CTG", name: "CTG" },
          daysOff: [],
          active: true,
        },
      ],
    );
    assert.deepEqual((await ask("GET", "/api/trains/9")).body, made.body);
  });

  it("publishes a journey by hand, once", async () => {
    const body = { trainId: "9", date: "2060-05-01" };
    const journey = await act("POST", "/api/journeys", body);
    assert.deepEqual(
      [journey.status, journey.headers["location"]],
      [201, "/api/journeys/9-20600501"],
    );
    const shown = await ask("GET", "/api/journeys/9-20600501");
    assert.deepEqual(shown.body, journey.body);
    assert.deepEqual(codeOf(await act("POST", "/api/journeys", body)), [409, "conflict"]);
    const past = { trainId: "9", date: "2020-05-01" };
    assert.deepEqual(codeOf(await act("POST", "/api/journeys", past)), [422, "journey_departed"]);
    const unknown = { trainId: "404", date: "2060-05-01" };
    assert.deepEqual(codeOf(await act("POST", "/api/journeys", unknown)), [404, "not_found"]);
  });

  it("refuses what exists already", async () => {
    const station = { code: "DHK", name: "Another Dhaka" };
    assert.deepEqual(codeOf(await act("POST", "/api/stations", station)), [409, "conflict"]);
    const route = { id: "main", name: "Main line", stops };
    assert.deepEqual(codeOf(await act("POST", "/api/routes", route)), [409, "conflict"]);
    assert.deepEqual(codeOf(await act("POST", "/api/trains", train)), [409, "conflict"]);
  });

  it("refuses to remove what is in use", async () => {
    assert.deepEqual(codeOf(await act("DELETE", "/api/stations/DHK")), [409, "conflict"]);
    assert.deepEqual(codeOf(await act("DELETE", "/api/routes/main")), [409, "conflict"]);
    assert.deepEqual(codeOf(await act("DELETE", "/api/trains/9")), [409, "conflict"]);
    assert.equal((await ask("GET", "/api/stations/DHK")).status, 200);
  });

  it("removes what nobody uses", async () => {
    await act("POST", "/api/stations", { code: "XX", name: "Closed" });
    assert.equal((await act("DELETE", "/api/stations/XX")).status, 204);
    assert.deepEqual(codeOf(await ask("GET", "/api/stations/XX")), [404, "station_not_found"]);
    assert.deepEqual(codeOf(await act("DELETE", "/api/stations/XX")), [404, "station_not_found"]);
  });

  it("refuses routes that no train could run and stations that don't exist", async () => {
    const back = { name: "Back", stops: [{ ...stops[0] }, { ...stops[1], distanceKm: 0 }] };
    assert.deepEqual(codeOf(await act("PUT", "/api/routes/main", back)), [422, "route_invalid"]);
    const lost = { id: "lost", name: "Lost", stops: [stops[0], { ...stops[1], station: "ZZZ" }] };
    assert.deepEqual(codeOf(await act("POST", "/api/routes", lost)), [404, "station_not_found"]);
    assert.deepEqual(codeOf(await ask("GET", "/api/routes/lost")), [404, "not_found"]);
    const detached = { ...train, number: "10", routeId: "none" };
    assert.deepEqual(codeOf(await act("POST", "/api/trains", detached)), [404, "not_found"]);
    assert.deepEqual(codeOf(await ask("GET", "/api/trains/10")), [404, "not_found"]);
  });

  it("changes a train for the future only", async () => {
    const before = await ask("GET", "/api/journeys/9-20600501");
    const { number: _, ...change } = { ...train, name: "Day Express", departureTime: "08:00" };
    const changed = await act("PUT", "/api/trains/9", change);
    assert.equal(changed.status, 200);
    assert.deepEqual(await ask("GET", "/api/journeys/9-20600501").then((a) => a.body), before.body);
    await act("POST", "/api/journeys", { trainId: "9", date: "2060-05-02" });
    const { rows } = await schedule.database.pool.query(
      "SELECT departs_at FROM journeys WHERE journey_id = '9-20600502'",
    );
    assert.deepEqual(rows, [{ departs_at: new Date("2060-05-02T02:00:00Z") }]);
  });

  it("shows a change in the lists at once at the pod where it was made", async () => {
    await ask("GET", "/api/stations");
    await act("PUT", "/api/stations/CTG", { name: "Chattogram" });
    const { body } = await ask("GET", "/api/stations");
    assert.deepEqual(body, {
      stations: [
        { id: "CTG", code: "CTG", name: "Chattogram" },
        { id: "DHK", code: "DHK", name: "Dhaka" },
      ],
      nextCursor: null,
    });
  });

  it("pages by cursor and refuses made-up cursors", async () => {
    const first = await ask("GET", "/api/stations?limit=1");
    assert.ok(first.body instanceof Object && "nextCursor" in first.body);
    const second = await ask(
      "GET",
      `/api/stations?limit=1&cursor=${String(first.body.nextCursor)}`,
    );
    assert.deepEqual(second.body, {
      stations: [{ id: "DHK", code: "DHK", name: "Dhaka" }],
      nextCursor: null,
    });
    const madeUp = await ask("GET", "/api/stations?cursor=xyz");
    assert.deepEqual(codeOf(madeUp), [400, "validation_failed"]);
    assert.equal((await ask("GET", "/api/stations?limit=101")).status, 400);
  });

  it("lets nobody but admins write, and shows fares to nobody else", async () => {
    const station = { code: "NEW", name: "New" };
    const customer = { userId: "c1", role: "customer" } as const;
    const staff = { userId: "s1", role: "staff" } as const;
    for (const [method, path] of [
      ["POST", "/api/stations"],
      ["PUT", "/api/stations/DHK"],
      ["DELETE", "/api/stations/DHK"],
      ["POST", "/api/routes"],
      ["PUT", "/api/routes/main"],
      ["DELETE", "/api/routes/main"],
      ["POST", "/api/trains"],
      ["PUT", "/api/trains/9"],
      ["DELETE", "/api/trains/9"],
      ["POST", "/api/fares"],
      ["GET", "/api/fares"],
      ["POST", "/api/journeys"],
    ] as const) {
      const body = method === "GET" || method === "DELETE" ? {} : { body: station };
      assert.equal((await ask(method, path, body)).status, 401, `${method} ${path}`);
      for (const identity of [customer, staff]) {
        const { status } = await ask(method, path, { ...body, identity });
        assert.equal(status, 403, `${method} ${path}`);
      }
    }
    assert.deepEqual(codeOf(await ask("GET", "/api/stations/NEW")), [404, "station_not_found"]);
  });

  it("lists fare versions, newest first", async () => {
    await act("POST", "/api/fares", { rates: [{ class: "SHOVAN", perKm: 1.5, minimum: 0 }] });
    const { body } = await act("GET", "/api/fares?limit=1");
    assert.ok(body instanceof Object && "fares" in body && "nextCursor" in body);
    assert.ok(Array.isArray(body.fares) && body.fares.length === 1);
    assert.deepEqual(body.fares[0].rates, [{ class: "SHOVAN", perKm: 1.5, minimum: 0 }]);
    const older = await act("GET", `/api/fares?limit=1&cursor=${String(body.nextCursor)}`);
    assert.ok(older.body instanceof Object && "fares" in older.body && "nextCursor" in older.body);
    assert.ok(Array.isArray(older.body.fares) && older.body.fares[0].rates[0].class === "SNIGDHA");
    assert.equal(older.body.nextCursor, null);
  });

  it("relies on the foreign keys: without them a station in use would go", async () => {
    await schedule.database.pool.query(
      "ALTER TABLE route_stops DROP CONSTRAINT route_stops_station_code_fkey",
    );
    assert.equal((await act("DELETE", "/api/stations/DHK")).status, 204);
  });
});
