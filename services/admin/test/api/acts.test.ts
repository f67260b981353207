import assert from "node:assert/strict";
import { adminActs, operations } from "@jatra/contracts/http/admin.ts";
import { identityHeader } from "@jatra/contracts/identity.ts";
import type { TestAnswer, TestRequest } from "@jatra/testing/test-app.ts";
import { testInternalToken } from "@jatra/testing/test-identity.ts";
import { startAdminApp, type AdminApp } from "../support/admin-app.ts";

const admin = { userId: "a1", role: "admin", name: "Admin", email: "admin@example.com" } as const;
const bookingId = "11111111-1111-4111-8111-111111111111";
const codeOf = ({ status, body }: TestAnswer): unknown => [
  status,
  typeof body === "object" && body !== null && "code" in body ? body.code : undefined,
];

describe("acting as an admin", () => {
  let world: AdminApp;
  before(async () => {
    world = await startAdminApp();
  });
  beforeEach(() => {
    world.fakes.seen.length = 0;
  });
  after(() => world.close());

  const act = (method: string, path: string, options: TestRequest = {}): Promise<TestAnswer> =>
    world.app.request(method, path, { identity: admin, ...options });
  const latest = async (): Promise<unknown> => {
    const { rows } = await world.database.pool.query(
      `SELECT user_id, action, service, method, path, body, outcome, status, code
         FROM acts LEFT JOIN act_results USING (act_id) ORDER BY act_id DESC LIMIT 1`,
    );
    return rows[0];
  };

  it("hands an act on with the admin's own identity and request id, and answers what the service did", async () => {
    const station = { id: "NEW", code: "NEW", name: "New" };
    world.fakes.answer = () => ({ status: 201, body: station });
    const answer = await act("POST", "/api/admin/stations", {
      body: { code: "NEW", name: "New" },
      headers: { "x-request-id": "r-77" },
    });
    assert.deepEqual(
      [answer.status, answer.headers["location"], answer.body],
      [201, "/api/stations/NEW", station],
    );
    const [seen] = world.fakes.seen;
    assert.deepEqual(
      [seen?.method, seen?.path, seen?.body, seen?.headers["x-request-id"]],
      ["POST", "/api/stations", '{"code":"NEW","name":"New"}', "r-77"],
    );
    assert.equal(seen?.headers[identityHeader]?.includes("."), true);
    assert.deepEqual(await latest(), {
      user_id: "a1",
      action: "createStation",
      service: "schedule",
      method: "POST",
      path: "/api/stations",
      body: { code: "NEW", name: "New" },
      outcome: "DONE",
      status: 201,
      code: null,
    });
  });

  it("never lends the platform's own token to an admin's act", async () => {
    world.fakes.answer = () => ({ status: 204, body: undefined });
    assert.equal((await act("DELETE", "/api/admin/stations/NEW")).status, 204);
    const sent = JSON.stringify(world.fakes.seen.map(({ headers }) => headers));
    assert.equal(sent.includes(testInternalToken), false);
  });

  it("has written the act down by the time the service is asked", async () => {
    let before: unknown;
    world.fakes.answer = async () => {
      before = await latest();
      return { status: 204, body: undefined };
    };
    await act("DELETE", "/api/admin/trains/702");
    assert.ok(before instanceof Object && "outcome" in before && "action" in before);
    assert.deepEqual([before.action, before.outcome], ["deleteTrain", null]);
  });

  it("asks nobody when the act can't be written down", async () => {
    const { pool } = world.database;
    await pool.query("ALTER TABLE acts RENAME TO acts_away");
    const answer = await act("DELETE", "/api/admin/trains/702");
    await pool.query("ALTER TABLE acts_away RENAME TO acts");
    assert.equal(answer.status, 500);
    assert.equal(world.fakes.seen.length, 0);
  });

  it("passes a refusal on as it came, and writes it down", async () => {
    const problem = { code: "conflict", status: 409, title: "In use", detail: "A route uses it." };
    world.fakes.answer = () => ({ status: 409, body: problem });
    const answer = await act("DELETE", "/api/admin/stations/DHK");
    assert.deepEqual([answer.status, answer.body], [409, problem]);
    assert.match(String(answer.headers["content-type"]), /^application\/problem\+json/);
    const entry = await latest();
    assert.ok(entry instanceof Object && "outcome" in entry && "code" in entry);
    assert.deepEqual([entry.outcome, entry.code], ["REFUSED", "conflict"]);
  });

  it("writes down that nobody knows, when the service fails in the act", async () => {
    world.fakes.answer = () => ({ status: 500, body: { code: "internal_error" } });
    const answer = await act("POST", `/api/admin/bookings/${bookingId}/requeue`);
    assert.deepEqual(codeOf(answer), [503, "dependency_unavailable"]);
    const entry = await latest();
    assert.ok(entry instanceof Object && "outcome" in entry && "status" in entry);
    assert.deepEqual([entry.outcome, entry.status], ["UNANSWERED", null]);
  });

  it("cancels a booking under the admin's Idempotency-Key, and not without one", async () => {
    world.fakes.answer = () => ({ status: 202, body: { bookingId, status: "CANCELLED" } });
    const path = `/api/admin/bookings/${bookingId}/cancel`;
    assert.deepEqual(codeOf(await act("POST", path)), [400, "idempotency_key_missing"]);
    assert.equal(world.fakes.seen.length, 0);
    const answer = await act("POST", path, { headers: { "idempotency-key": '"k-1"' } });
    assert.equal(answer.status, 202);
    const [seen] = world.fakes.seen;
    assert.deepEqual(
      [seen?.path, seen?.headers["idempotency-key"]],
      [`/api/bookings/${bookingId}/cancel`, "k-1"],
    );
  });

  it("resets a circuit with the admin's own bearer, and not without one", async () => {
    world.fakes.answer = () => ({ status: 200, body: { service: "auth", state: "closed" } });
    const path = "/api/admin/circuits/auth/reset";
    assert.deepEqual(codeOf(await act("POST", path)), [401, "unauthorized"]);
    assert.equal(world.fakes.seen.length, 0);
    const answer = await act("POST", path, { headers: { authorization: "Bearer a.b.c" } });
    assert.equal(answer.status, 200);
    const [seen] = world.fakes.seen;
    assert.deepEqual(
      [seen?.path, seen?.headers.authorization],
      ["/api/circuits/auth/reset", "Bearer a.b.c"],
    );
    const shown = await act("GET", "/api/admin/circuits", {
      headers: { authorization: "Bearer a.b.c" },
    });
    assert.equal(shown.status, 200);
    assert.equal(world.fakes.seen.at(-1)?.path, "/api/circuits");
  });

  it("checks bodies itself, by the service's own contract", async () => {
    const answer = await act("POST", "/api/admin/stations", { body: { code: "lower" } });
    assert.deepEqual(codeOf(answer), [400, "validation_failed"]);
    assert.equal(world.fakes.seen.length, 0);
  });

  it("is closed to everybody else, and nothing is written down or done", async () => {
    const count = async (): Promise<unknown> =>
      (await world.database.pool.query("SELECT count(*) FROM acts")).rows;
    const before = await count();
    for (const operation of operations) {
      const path = operation.path.replaceAll(/:\w+/g, bookingId);
      const method = operation.method.toUpperCase();
      assert.equal((await world.app.request(method, path)).status, 401, path);
      for (const role of ["customer", "staff"] as const) {
        const identity = { userId: "u1", role };
        assert.equal((await world.app.request(method, path, { identity })).status, 403, path);
      }
    }
    assert.equal(world.fakes.seen.length, 0);
    assert.deepEqual(await count(), before);
  });

  it("has a route for every act of the contract", async () => {
    world.fakes.answer = () => ({ status: 404, body: { code: "not_found", from: "the service" } });
    for (const { operation } of adminActs.filter((act) => act.operation.body === undefined)) {
      const path = operation.path.replaceAll(/:\w+/g, bookingId);
      const headers = { authorization: "Bearer a.b.c", "idempotency-key": "k-2" };
      const service = operation.path.includes(":service") ? path.replace(bookingId, "auth") : path;
      const answer = await act(operation.method.toUpperCase(), service, { headers });
      assert.ok(answer.body instanceof Object && "from" in answer.body, operation.operationId);
    }
  });
});
