import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { OutgoingMessage } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { appendLeased, appendOutbox } from "@jatra/common/outbox/append-outbox.ts";
import { startOutboxRelay, type OutboxRelay } from "@jatra/common/outbox/outbox-relay.ts";
import { recordInbox } from "@jatra/common/outbox/record-inbox.ts";
import { sweepInbox } from "@jatra/common/outbox/sweep-inbox.ts";
import { sweepOutbox } from "@jatra/common/outbox/sweep-outbox.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";

const ddl = ["outbox", "inbox"]
  .map((name) => readFileSync(new URL(`../../src/outbox/${name}.sql`, import.meta.url), "utf8"))
  .join("\n");

describe("outbox", () => {
  let database: TestDatabase;
  const relays: OutboxRelay[] = [];

  before(async () => {
    database = await createTestDatabase({ sql: ddl });
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await database.pool.query("TRUNCATE outbox, inbox");
  });
  after(async () => database.drop());

  const append = (count: number) =>
    inTransaction(database.pool, async (transaction) => {
      const ids: string[] = [];
      for (let index = 0; index < count; index += 1) {
        ids.push(
          await appendOutbox(transaction, {
            exchange: "booking.exchange",
            routingKey: "booking.confirmed",
            content: { index },
            requestId: "request-1",
          }),
        );
      }
      return ids;
    });

  const startRelay = (
    publish: (message: OutgoingMessage) => Promise<void>,
    isReady: () => boolean = () => true,
  ): OutboxRelay => {
    const relay = startOutboxRelay({
      pool: database.pool,
      rabbit: { publish, isReady },
      logger: silentLogger,
      metrics: createMetrics("test"),
    });
    relays.push(relay);
    return relay;
  };

  const pending = async (): Promise<number> => {
    const { rows } = await database.pool.query<{ count: number }>(
      "SELECT count(*) FROM outbox WHERE published_at IS NULL",
    );
    return rows[0]?.count ?? -1;
  };

  it("publishes what was committed, with the row's id as the message's", async () => {
    const published: OutgoingMessage[] = [];
    startRelay(async (message) => void published.push(message));
    const [id] = await append(1);
    await eventually(async () => (await pending()) === 0);
    assert.deepEqual(published, [
      {
        exchange: "booking.exchange",
        routingKey: "booking.confirmed",
        messageId: id,
        type: "booking.confirmed",
        requestId: "request-1",
        content: Buffer.from('{"index":0}'),
      },
    ]);
  });

  it("publishes nothing of a transaction that rolled back", async () => {
    await assert.rejects(
      inTransaction(database.pool, async (transaction) => {
        await appendOutbox(transaction, {
          exchange: "booking.exchange",
          routingKey: "booking.confirmed",
          content: {},
          requestId: "request-1",
        });
        throw new Error("rolled back");
      }),
    );
    const { rows } = await database.pool.query("SELECT id FROM outbox");
    assert.deepEqual(rows, []);
  });

  it("publishes each row once while several relays share the table", async () => {
    const published: string[] = [];
    const publish = async ({ messageId }: OutgoingMessage): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      published.push(messageId);
    };
    const ids = await append(450);
    for (let index = 0; index < 3; index += 1) startRelay(publish).wake();
    await eventually(async () => (await pending()) === 0);
    assert.deepEqual(published.toSorted(), ids.toSorted());
  });

  it("keeps a row without a confirm, publishes it again, and lets the others pass", async () => {
    const tries = new Map<string, number>();
    const [stubborn] = await append(3);
    const relay = startRelay(async ({ messageId }) => {
      const count = (tries.get(messageId) ?? 0) + 1;
      tries.set(messageId, count);
      if (messageId === stubborn && count === 1) throw new Error("no confirm");
    });
    relay.wake();
    await eventually(async () => (await pending()) === 0);
    assert.deepEqual([tries.get(stubborn ?? ""), tries.size], [2, 3]);
  });

  it("leaves a row to the relay that holds its lease, until the lease ends", async () => {
    await append(1);
    await database.pool.query("UPDATE outbox SET locked_until = now() + interval '1 hour'");
    const relay = startRelay(async () => undefined);
    assert.equal(await relay.runOnce(), 0);
    await database.pool.query("UPDATE outbox SET locked_until = now()");
    await eventually(async () => (await relay.runOnce()) === 1 || (await pending()) === 0);
  });

  describe("with messages that their own process sends", () => {
    const message = {
      exchange: "booking.exchange",
      routingKey: "booking.confirmed",
      content: { index: 0 },
      requestId: "request-1",
    };
    const appendOwn = () =>
      inTransaction(database.pool, (transaction) =>
        Promise.all([1, 2].map(() => appendLeased(transaction, message))),
      );

    it("publishes them without looking into the table, and marks them", async () => {
      const published: OutgoingMessage[] = [];
      const relay = startRelay(async (outgoing) => void published.push(outgoing));
      const messages = await appendOwn();
      relay.send(messages);
      await eventually(async () => (await pending()) === 0);
      assert.deepEqual(
        published,
        messages.map(({ id }) => ({
          exchange: "booking.exchange",
          routingKey: "booking.confirmed",
          messageId: id,
          type: "booking.confirmed",
          requestId: "request-1",
          content: Buffer.from('{"index":0}'),
        })),
      );
    });

    it("leaves them to it while its lease lasts, and takes them over afterwards", async () => {
      await appendOwn();
      const relay = startRelay(async () => undefined);
      assert.equal(await relay.runOnce(), 0);
      const { rows } = await database.pool.query<{ seconds: number }>(
        "SELECT extract(epoch FROM locked_until - created_at)::float8 AS seconds FROM outbox LIMIT 1",
      );
      assert.deepEqual(rows, [{ seconds: 15 }]);
      await database.pool.query("UPDATE outbox SET locked_until = now()");
      await eventually(async () => (await relay.runOnce()) === 2 || (await pending()) === 0);
    });

    it("gives back what got no confirm, for any relay", async () => {
      let tries = 0;
      const relay = startRelay(async () => {
        tries += 1;
        if (tries === 1) throw new Error("no confirm");
      });
      relay.send(await appendOwn());
      await eventually(async () => (await pending()) === 0);
      assert.equal(tries, 3);
    });

    it("leaves them to any relay's next look while the broker is away, without a try", async () => {
      let ready = false;
      let tries = 0;
      const relay = startRelay(
        async () => void (tries += 1),
        () => ready,
      );
      relay.send(await appendOwn());
      const due = () => database.pool.query("SELECT id FROM outbox WHERE locked_until <= now()");
      await eventually(async () => (await due()).rows.length === 2);
      assert.equal(tries, 0);
      ready = true;
      await eventually(async () => (await pending()) === 0);
      assert.equal(tries, 2);
    });

    it("sends what waits before it stops", async () => {
      const published: string[] = [];
      const relay = startRelay(async ({ messageId }) => void published.push(messageId));
      const messages = await appendOwn();
      relay.send(messages);
      await relay.stop();
      assert.deepEqual([published.length, await pending()], [2, 0]);
    });
  });

  it("takes no rows while the broker is away, and all of them once it is back", async () => {
    let ready = false;
    await append(2);
    const relay = startRelay(
      async () => undefined,
      () => ready,
    );
    assert.equal(await relay.runOnce(), 0);
    const { rows } = await database.pool.query("SELECT DISTINCT attempts FROM outbox");
    assert.deepEqual(rows, [{ attempts: 0 }]);
    ready = true;
    relay.wake();
    await eventually(async () => (await pending()) === 0);
  });

  it("sweeps what was published hours ago and nothing else", async () => {
    const [old, recent, waiting] = await append(3);
    const setPublished = "UPDATE outbox SET published_at = now() - $2::interval WHERE id = $1";
    await database.pool.query(setPublished, [old, "7 hours"]);
    await database.pool.query(setPublished, [recent, "5 hours"]);
    await database.pool.query(
      "UPDATE outbox SET created_at = now() - interval '9 days' WHERE id = $1",
      [waiting],
    );
    assert.equal(await sweepOutbox({ pool: database.pool }), 1);
    const { rows } = await database.pool.query<{ id: string }>("SELECT id FROM outbox");
    assert.deepEqual(new Set(rows.map((row) => row.id)), new Set([recent, waiting]));
  });

  it("takes a message into the inbox once a queue", async () => {
    const record = (queue: string) => recordInbox(database.pool, { queue, messageId: "message-1" });
    assert.deepEqual(
      [await record("one.queue"), await record("one.queue"), await record("other.queue")],
      [true, false, true],
    );
    await database.pool.query(
      "UPDATE inbox SET received_at = now() - interval '8 days' WHERE queue = 'one.queue'",
    );
    assert.equal(await sweepInbox({ pool: database.pool }), 1);
  });
});
