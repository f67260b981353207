import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { startTestProxy, type TestProxy } from "@jatra/testing/test-proxy.ts";
import { createTestVhost, type TestVhost } from "@jatra/testing/test-vhost.ts";
import { connect, type ChannelModel } from "amqplib";
import pg from "pg";
import { createCallTap } from "../../chaos/exact/call-tap.ts";
import type { CrashPoint } from "../../chaos/exact/crash-point.ts";
import { createPostgresTap } from "../../chaos/exact/postgres-tap.ts";
import { createRabbitTap } from "../../chaos/exact/rabbit-tap.ts";
import { createTrap } from "../../chaos/exact/trap.ts";

type Side = CrashPoint["side"];
const QUEUE = "payment.processing.queue";

/** A client dies just here, as far as it and its server can tell: nothing of the two is in on it. */
describe("a crash point on the wire", () => {
  const waiting = (): AbortSignal => AbortSignal.timeout(20_000);
  const never = (answer: Promise<unknown>): Promise<unknown> =>
    Promise.race([
      answer.catch(() => "broken"),
      new Promise((resolve) => setTimeout(resolve, 200)),
    ]);

  describe("of PostgreSQL", () => {
    let database: TestDatabase;
    let proxy: TestProxy;
    const trap = createTrap();
    before(async () => {
      database = await createTestDatabase({ sql: "CREATE TABLE things (id int)" });
      proxy = await startTestProxy(database.url);
      proxy.setTap(createPostgresTap(trap, () => "booking"));
    });
    after(async () => {
      await proxy.close();
      await database.drop();
    });
    beforeEach(() => database.pool.query("TRUNCATE things"));

    const dieAt = async (point: CrashPoint, isTransaction: boolean): Promise<void> => {
      const client = new pg.Client({ connectionString: proxy.url, pipeline: true });
      client.on("error", () => undefined);
      await client.connect();
      await client.query({ name: "other", text: "SELECT $1::int", values: [1] });
      const met = trap.wait(point, waiting());
      const insert = { name: "insert", text: "INSERT INTO things VALUES ($1)", values: [1] };
      const answers = isTransaction
        ? [client.query("BEGIN"), client.query(insert), client.query("COMMIT")]
        : [client.query(insert)];
      const last = never(answers.at(-1) ?? Promise.resolve());
      for (const answer of answers) answer.catch(() => undefined);
      assert.equal(await met, true);
      assert.equal(await last, undefined, "the answer went through");
      await proxy.cut();
      await proxy.restore();
    };
    const count = async (): Promise<number> => {
      const { rows } = await database.pool.query<{ n: number }>("SELECT count(*) AS n FROM things");
      return rows[0]?.n ?? -1;
    };

    for (const [side, rows] of [
      ["before", 0],
      ["after", 1],
    ] as const) {
      it(`lies ${side} a statement`, async () => {
        await dieAt({ victim: "booking", side, postgres: { statement: "insert" } }, false);
        assert.equal(await count(), rows);
      });

      it(`lies ${side} a commit, where the transaction has done all the rest`, async () => {
        const postgres = { statement: "insert", commit: true } as const;
        await dieAt({ victim: "booking", side, postgres }, true);
        assert.equal(await count(), rows);
      });
    }

    it("lets other people's statements pass", async () => {
      const point: CrashPoint = { victim: "ticket", side: "before", postgres: { statement: "x" } };
      const met = trap.wait(point, AbortSignal.timeout(100));
      const client = new pg.Client({ connectionString: proxy.url });
      await client.connect();
      const { rows } = await client.query({ name: "x", text: "SELECT $1::int AS n", values: [1] });
      assert.deepEqual([rows, await met], [[{ n: 1 }], false]);
      await client.end();
    });
  });

  describe("of RabbitMQ", () => {
    let vhost: TestVhost;
    let proxy: TestProxy;
    const trap = createTrap();
    before(async () => {
      vhost = await createTestVhost();
      proxy = await startTestProxy(vhost.url);
      proxy.setTap(createRabbitTap(trap));
    });
    after(async () => {
      await proxy.close();
      await vhost.drop();
    });

    /** What is left in the queue, taken out of it. */
    const drain = async (): Promise<number> => {
      const direct = await connect(vhost.url);
      const channel = await direct.createChannel();
      let taken = 0;
      while (await channel.get(QUEUE, { noAck: true })) taken += 1;
      await direct.close();
      return taken;
    };
    const through = async (): Promise<ChannelModel> => {
      const model = await connect(proxy.url);
      model.on("error", () => undefined);
      return model;
    };
    const die = async (): Promise<void> => {
      await proxy.cut();
      await proxy.restore();
    };

    for (const [side, messages] of [
      ["before", 1],
      ["after", 2],
    ] as const) {
      it(`lies ${side} a publish`, async () => {
        const channel = await (await through()).createConfirmChannel();
        channel.on("error", () => undefined);
        const send = (): Promise<void> =>
          new Promise((resolve, reject) => {
            const settle = (error: unknown): void => (error ? reject(error) : resolve());
            channel.publish("booking.exchange", "payment.process", Buffer.from("{}"), {}, settle);
          });
        await send();
        const point: CrashPoint = {
          victim: "booking",
          side,
          rabbit: { publish: "payment.process" },
        };
        const met = trap.wait(point, waiting());
        const confirmed = never(send());
        assert.equal(await met, true);
        assert.equal(await confirmed, undefined, "the confirm went through");
        await die();
        assert.equal(await drain(), messages);
      });
    }

    const acks: readonly (readonly [Side, number])[] = [
      ["before", 1],
      ["after", 0],
    ];
    for (const [side, messages] of acks) {
      it(`lies ${side} an acknowledgement`, async () => {
        const channel = await (await through()).createChannel();
        channel.on("error", () => undefined);
        const met = trap.wait({ victim: "booking", side, rabbit: { ack: QUEUE } }, waiting());
        await channel.consume(QUEUE, (message) => message && channel.ack(message));
        channel.publish("booking.exchange", "payment.process", Buffer.from("{}"));
        assert.equal(await met, true);
        await die();
        const left = await eventually(async () => ({ count: await drain() }));
        assert.equal(left.count, messages);
      });
    }
  });

  describe("of a call", () => {
    let server: Server;
    let proxy: TestProxy;
    let asked = 0;
    const trap = createTrap();
    before(async () => {
      server = createServer((_request, response) => {
        asked += 1;
        response.end("done");
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      const port = typeof address === "object" ? address?.port : "";
      proxy = await startTestProxy(`http://127.0.0.1:${port}`);
      proxy.setTap(createCallTap(trap, "payment"));
    });
    after(async () => {
      await proxy.close();
      server.close();
    });

    for (const [side, calls] of [
      ["before", 0],
      ["after", 1],
    ] as const) {
      it(`lies ${side} it`, async () => {
        asked = 0;
        const call = { callee: "payment", request: /^POST \/v1\/charges / } as const;
        const met = trap.wait({ victim: "booking", side, call }, waiting());
        const answered = never(
          fetch(new URL("/v1/charges", proxy.url), { method: "POST", body: "{}" }),
        );
        assert.equal(await met, true);
        assert.equal(await answered, undefined, "the answer went through");
        assert.equal(asked, calls);
        await proxy.cut();
        await proxy.restore();
      });
    }
  });
});
