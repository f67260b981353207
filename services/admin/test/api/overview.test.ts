import assert from "node:assert/strict";
import { overviewSchema } from "@jatra/contracts/http/admin.ts";
import type { TestAnswer } from "@jatra/testing/test-app.ts";
import { startAdminApp, type AdminApp } from "../support/admin-app.ts";

const identity = { userId: "a1", role: "admin" } as const;

describe("the admin's overview", () => {
  let world: AdminApp;
  before(async () => {
    world = await startAdminApp();
  });
  after(() => world.close());

  const overview = async () => {
    const { status, body } = await world.app.request("GET", "/api/admin/overview", { identity });
    assert.equal(status, 200);
    return overviewSchema.parse(body);
  };

  it("shows each service with the checks it fails, and counts the timetable over its pages", async () => {
    world.fakes.answer = ({ path }) => {
      if (path === "/health") return { status: 503, body: { failed: ["redis"] } };
      const name = path.slice("/api/".length).split("?")[0] ?? "";
      return path.includes("cursor=")
        ? { status: 200, body: { [name]: [{}], nextCursor: null } }
        : { status: 200, body: { [name]: [{}, {}], nextCursor: "next" } };
    };
    const { services, timetable, audit } = await overview();
    assert.deepEqual(
      services.map(({ service, status, failed }) => [service, status, failed]),
      ["api-gateway", "schedule", "booking", "search"].map((name) => [
        name,
        "unavailable",
        ["redis"],
      ]),
    );
    assert.deepEqual(timetable, { stations: 3, routes: 3, trains: 3 });
    assert.deepEqual(audit, { acts: 0, open: 0, unanswered: 0 });
  });

  it("answers though nobody else does", async () => {
    world.fakes.answer = () => ({ status: 500, body: "not the form that was expected" });
    const { services, timetable } = await overview();
    assert.equal(timetable, null);
    assert.equal(
      services.every(({ status }) => status === "unavailable"),
      true,
    );
  });
});

describe("reading the audit log", () => {
  let world: AdminApp;
  before(async () => {
    world = await startAdminApp();
    world.fakes.answer = () => ({ status: 204, body: undefined });
    for (const id of ["1", "2", "3"]) {
      await world.app.request("DELETE", `/api/admin/trains/${id}`, { identity });
    }
  });
  after(() => world.close());

  const read = (query: string): Promise<TestAnswer> =>
    world.app.request("GET", `/api/admin/audit${query}`, { identity });
  const pathsOf = ({ body }: TestAnswer): unknown[] => {
    assert.ok(body instanceof Object && "entries" in body && Array.isArray(body.entries));
    return body.entries.map(({ path }: { path: unknown }) => path);
  };

  it("shows the latest first, page by page", async () => {
    const first = await read("?limit=2");
    assert.deepEqual(pathsOf(first), ["/api/trains/3", "/api/trains/2"]);
    assert.ok(first.body instanceof Object && "nextCursor" in first.body);
    const second = await read(`?limit=2&cursor=${String(first.body.nextCursor)}`);
    assert.deepEqual(pathsOf(second), ["/api/trains/1"]);
    assert.ok(second.body instanceof Object && "nextCursor" in second.body);
    assert.equal(second.body.nextCursor, null);
  });

  it("filters, and refuses made-up cursors", async () => {
    assert.deepEqual(pathsOf(await read("?outcome=REFUSED")), []);
    assert.equal(pathsOf(await read("?action=deleteTrain&userId=a1")).length, 3);
    assert.equal((await read("?cursor=xyz")).status, 400);
  });

  it("does not write down that it was read", async () => {
    await read("");
    assert.equal(pathsOf(await read("")).length, 3);
  });
});
