import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { internalHeaders } from "@jatra/testing/test-identity.ts";
import { newIntent, startPaymentWorld, type PaymentWorld } from "../support/payment-world.ts";
import { freePort } from "@jatra/testing/free-port.ts";
import { end } from "../support/simulator-process.ts";

describe("a payment-service that is killed", function () {
  this.timeout(90_000);
  let world: PaymentWorld;
  /** Apart from the world's own, so that nothing but the killed process and its successor works on it. */
  let database: TestDatabase;
  const children: ChildProcess[] = [];

  before(async () => {
    world = await startPaymentWorld();
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
  });
  after(async () => {
    await Promise.all(children.map((child) => end(child, "SIGKILL")));
    await database.drop();
    await world.stop();
  });

  const startService = async (): Promise<{ child: ChildProcess; url: string }> => {
    const port = await freePort();
    const child = spawn(process.execPath, ["src/main.ts"], {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...world.environment,
        PATH: process.env["PATH"],
        PORT: String(port),
        DATABASE_URL: database.url,
      },
    });
    children.push(child);
    const url = `http://127.0.0.1:${port}`;
    await eventually(async () => (await fetch(`${url}/health/ready`)).ok);
    return { child, url };
  };

  const countIn = async (state: string): Promise<number> => {
    const { rows } = await database.pool.query<{ count: number }>(
      "SELECT count(*) AS count FROM payments WHERE state = $1",
      [state],
    );
    return rows[0]?.count ?? 0;
  };

  it("loses no payment and charges none twice, killed between SENT and the answer", async () => {
    const first = await startService();
    const paymentIds: string[] = Array.from({ length: 12 }, () => randomUUID());
    await Promise.all(
      paymentIds.map(async (paymentId, index) => {
        const answer = await fetch(`${first.url}/internal/payments/${paymentId}`, {
          method: "PUT",
          headers: { ...internalHeaders, "content-type": "application/json" },
          // Some are charged within 50 ms, some after 3 s: the kill meets them on both sides of the charge.
          body: JSON.stringify(newIntent(index % 2 === 0 ? "slow" : "timeout_after_charge")),
        });
        assert.equal(answer.status, 202);
      }),
    );
    await eventually(async () => (await countIn("SENT")) === paymentIds.length);
    await end(first.child, "SIGKILL");
    assert.equal(await countIn("SENT"), paymentIds.length);

    await startService();
    await eventually(async () => (await countIn("CAPTURED")) === paymentIds.length, 60_000);
    for (const paymentId of paymentIds) await world.outcomeOf(paymentId);
    const lines = await world.simulator.ledger();
    const charged = lines.map((line) => line.reference).filter((id) => paymentIds.includes(id));
    assert.deepEqual(charged.toSorted(), paymentIds.toSorted());
  });
});
