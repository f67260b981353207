import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { connectRabbit, type RabbitConnection } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { createTestVhost, type TestVhost } from "@jatra/testing/test-vhost.ts";
import { takeInRegistrations } from "../../src/consumers/take-in-registrations.ts";
import { changeProfile, readProfile } from "../../src/data/profile-store.ts";

describe("registrations", () => {
  let database: TestDatabase;
  let vhost: TestVhost;
  let rabbit: RabbitConnection;
  before(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
    vhost = await createTestVhost();
    rabbit = connectRabbit({
      url: vhost.url,
      logger: silentLogger,
      metrics: createMetrics("user-service"),
    });
    rabbit.consume(takeInRegistrations({ pool: database.pool }));
    await eventually(() => rabbit.isReady());
  });
  after(async () => {
    await rabbit.close();
    await vhost.drop();
    await database.drop();
  });

  const person = (userId: string) => ({ userId, name: "Rahima", email: "rahima@example.com" });
  const publish = async (userId: string, messageId: string = randomUUID()): Promise<void> =>
    rabbit.publish({
      exchange: "user.exchange",
      routingKey: "user.registered",
      type: "user.registered",
      messageId,
      requestId: "test",
      content: { ...person(userId), phone: "+8801712345678" },
    });
  const handled = async (messageId: string): Promise<void> => {
    await eventually(async () => {
      const { rowCount } = await database.pool.query("SELECT 1 FROM inbox WHERE message_id = $1", [
        messageId,
      ]);
      return rowCount === 1;
    });
  };
  const identity = (userId: string) => ({ ...person(userId), role: "customer" as const });

  it("make profiles, however often they are delivered", async () => {
    const userId = randomUUID();
    const messageId = randomUUID();
    await publish(userId, messageId);
    await publish(userId, messageId);
    await handled(messageId);
    const { phone } = await readProfile(database.pool, identity(userId));
    assert.equal(phone, "+8801712345678");
  });

  it("complete a profile that was made before they arrived", async () => {
    const userId = randomUUID();
    assert.equal((await readProfile(database.pool, identity(userId))).phone, null);
    const messageId = randomUUID();
    await publish(userId, messageId);
    await handled(messageId);
    assert.equal((await readProfile(database.pool, identity(userId))).phone, "+8801712345678");
  });

  it("never undo what the user has set", async () => {
    const userId = randomUUID();
    await changeProfile(database.pool, identity(userId), { name: "Rahima Khatun", phone: null });
    const messageId = randomUUID();
    await publish(userId, messageId);
    await handled(messageId);
    const { name, phone } = await readProfile(database.pool, identity(userId));
    assert.deepEqual({ name, phone }, { name: "Rahima Khatun", phone: null });
  });
});
