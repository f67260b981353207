import assert from "node:assert/strict";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { countRecent, createAuditLog, listEntries } from "../../src/data/audit-store.ts";
import type { ActIntent } from "../../src/domain/perform-act.ts";
import { migrations } from "../support/admin-app.ts";

const intentOf = (userId: string, action: string): ActIntent => ({
  actor: { userId, role: "admin", name: "Admin", email: "admin@example.com" },
  action,
  service: "schedule",
  method: "POST",
  path: "/api/stations",
  body: { code: "NEW" },
  requestId: "r1",
});
const everything = {
  userId: undefined,
  action: undefined,
  outcome: undefined,
  before: undefined,
  limit: 100,
};

describe("the audit log", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase({ folder: migrations });
  });
  after(() => database.drop());

  it("shows an act as open until its result is written", async () => {
    const audit = createAuditLog(database.pool);
    const id = await audit.recordIntent(intentOf("a1", "createStation"));
    const [open] = await listEntries(database.pool, everything);
    assert.deepEqual(open, {
      id,
      at: open?.at,
      actor: { userId: "a1", name: "Admin", email: "admin@example.com", role: "admin" },
      action: "createStation",
      service: "schedule",
      method: "POST",
      path: "/api/stations",
      body: { code: "NEW" },
      requestId: "r1",
      outcome: "OPEN",
      result: null,
    });
    await audit.recordResult(id, { outcome: "REFUSED", status: 409, code: "conflict" });
    const [done] = await listEntries(database.pool, everything);
    assert.deepEqual(
      [done?.outcome, done?.result?.status, done?.result?.code],
      ["REFUSED", 409, "conflict"],
    );
  });

  it("takes one result an act", async () => {
    const audit = createAuditLog(database.pool);
    const id = await audit.recordIntent(intentOf("a1", "createStation"));
    const result = { outcome: "DONE", status: 201, code: null } as const;
    await audit.recordResult(id, result);
    await assert.rejects(audit.recordResult(id, result), { code: "23505" });
  });

  it("can't be changed or shortened, only added to", async () => {
    const refused = { message: "the audit log is only added to" };
    const { pool } = database;
    await assert.rejects(pool.query("UPDATE acts SET user_id = 'other'"), refused);
    await assert.rejects(pool.query("DELETE FROM act_results"), refused);
    await assert.rejects(pool.query("TRUNCATE acts, act_results"), refused);
    assert.equal((await listEntries(pool, everything)).length, 2);
  });

  it("is kept by its triggers: without them a row could be changed", async () => {
    const client = await database.pool.connect();
    try {
      await client.query("BEGIN");
      await client.query("DROP TRIGGER acts_stay ON acts");
      const { rowCount } = await client.query("UPDATE acts SET user_id = 'other'");
      assert.equal(rowCount, 2);
      await client.query("ROLLBACK");
    } finally {
      client.release();
    }
  });

  it("filters by person, action and outcome, and pages", async () => {
    const audit = createAuditLog(database.pool);
    await audit.recordIntent(intentOf("a2", "deleteStation"));
    const actions = async (filter: object): Promise<string[]> =>
      (await listEntries(database.pool, { ...everything, ...filter })).map(({ action }) => action);
    assert.deepEqual(await actions({ userId: "a2" }), ["deleteStation"]);
    assert.deepEqual(await actions({ action: "deleteStation" }), ["deleteStation"]);
    assert.deepEqual(await actions({ outcome: "OPEN" }), ["deleteStation"]);
    assert.deepEqual(await actions({ outcome: "DONE" }), ["createStation"]);
    const [latest] = await listEntries(database.pool, { ...everything, limit: 1 });
    assert.equal((await actions({ before: latest?.id })).length, 2);
  });

  it("counts what an admin should look into", async () => {
    const audit = createAuditLog(database.pool);
    const id = await audit.recordIntent(intentOf("a3", "cancelBooking"));
    await audit.recordResult(id, { outcome: "UNANSWERED", status: null, code: null });
    assert.deepEqual(await countRecent(database.pool), { acts: 4, open: 0, unanswered: 1 });
    await database.pool.query(
      `INSERT INTO acts (at, user_id, user_name, user_email, user_role, action, service, method, path, request_id)
       VALUES (now() - interval '2 minutes', 'a', 'A', 'a@example.com', 'admin', 'x', 'booking', 'POST', '/', 'r')`,
    );
    assert.deepEqual(await countRecent(database.pool), { acts: 5, open: 1, unanswered: 1 });
  });
});
