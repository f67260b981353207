import { freePort } from "@jatra/testing/free-port.ts";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { testIdentityPublicKey, testInternalToken } from "@jatra/testing/test-identity.ts";
import { createTestRedis, type TestRedis } from "@jatra/testing/test-redis.ts";
import { createTestVhost, type TestVhost } from "@jatra/testing/test-vhost.ts";

const folder = fileURLToPath(new URL("../..", import.meta.url));

describe("the process", () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let vhost: TestVhost;
  before(async () => {
    [database, redis, vhost] = await Promise.all([
      createTestDatabase(),
      createTestRedis(),
      createTestVhost(),
    ]);
  });
  after(() => Promise.all([database.drop(), redis.drop(), vhost.drop()]));

  const run = (script: string, environment: Record<string, string>) =>
    spawn(process.execPath, [script], {
      cwd: folder,
      env: { SERVICE_NAME: "booking-service", ...environment },
      stdio: ["ignore", "ignore", "pipe"],
    });
  const exitOf = async (child: ReturnType<typeof run>): Promise<unknown> => {
    const [code]: unknown[] = await once(child, "exit");
    return code;
  };

  it("migrates an empty database, starts from its environment alone and stops when told to", async () => {
    const migration = run("src/migrate.ts", { MIGRATION_DATABASE_URL: database.directUrl });
    assert.equal(await exitOf(migration), 0);
    const port = await freePort();
    const neighbour = "http://127.0.0.1:9";
    const child = run("src/main.ts", {
      PORT: String(port),
      LOG_LEVEL: "warn",
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      RABBITMQ_URL: vhost.url,
      IDENTITY_PUBLIC_KEY: testIdentityPublicKey,
      INTERNAL_TOKEN: testInternalToken,
      SEAT_RESERVATION_SERVICE_URL: neighbour,
      PAYMENT_SERVICE_URL: neighbour,
    });
    try {
      await eventually(async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok);
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      assert.match(metrics, /rabbitmq_consumers\{.*queue="payment.processing.queue"/);
      const exit = exitOf(child);
      child.kill("SIGTERM");
      assert.equal(await exit, 0);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("names what is missing in one sentence", async () => {
    const child = run("src/main.ts", { PORT: "0" });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    assert.equal(await exitOf(child), 1);
    assert.match(said, /^The environment is not valid: .*DATABASE_URL.*\n$/);
  });
});
