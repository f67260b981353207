import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { sweepNotifications } from "../../src/data/sweep-notifications.ts";

describe("sweeping notifications", () => {
  let database: TestDatabase;

  before(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
  });
  after(async () => database.drop());

  const tell = async (ids: readonly string[], ageDays: number): Promise<void> => {
    await database.pool.query(
      `INSERT INTO notifications (id, user_id, kind, subject_id, subject_version, title, body, email, occurred_at, created_at)
       SELECT id, 'u', 'booking_confirmed', id, 1, 't', 'b', 'e', now(), now() - make_interval(days => $2)
       FROM unnest($1::uuid[]) AS id`,
      [ids, ageDays],
    );
    await database.pool.query(
      `INSERT INTO deliveries (notification_id, channel, status)
       SELECT id, 'email', 'PENDING' FROM unnest($1::uuid[]) AS id`,
      [ids],
    );
  };
  const idsIn = async (table: string, column: string): Promise<string[]> => {
    const { rows } = await database.pool.query<{ id: string }>(
      `SELECT ${column} AS id FROM ${table}`,
    );
    return rows.map(({ id }) => id);
  };

  it("takes what is half a year old with its deliveries, more than one batch, and nothing younger", async () => {
    const old = Array.from({ length: 1_001 }, () => randomUUID());
    const young = randomUUID();
    await tell(old, 181);
    await tell([young], 179);
    assert.equal(await sweepNotifications({ pool: database.pool }), old.length);
    assert.deepEqual(await idsIn("notifications", "id"), [young]);
    assert.deepEqual(await idsIn("deliveries", "notification_id"), [young]);
    assert.equal(await sweepNotifications({ pool: database.pool }), 0);
  });
});
