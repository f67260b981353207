/**
 * Runs inside a pod of the platform, in a service's image: CLIENTS connections through PgBouncer, each a pool of its own with
 * the settings that every service has, each busy with one short transaction after another. So a connection that is lost is
 * made again exactly as a service does it, by the next one who needs it, and nothing is tried twice: whatever fails counts.
 * Prints one JSON line a second; the host reads them by `kubectl logs` (busy-clients.ts).
 */
import { setTimeout as delay } from "node:timers/promises";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { createPool } from "@jatra/common/database/pool.ts";
import { createLogger } from "@jatra/common/logging/logger.ts";

/** Mean pause between two transactions of a client: 200 of them ask for about 700 a second, which two cores serve beside the rest. */
const PAUSE_MS = 250;
/** Each so many one commits something, and waits for the disk. */
const WRITES_EVERY = 10;
const REPORT_EVERY_MS = 1_000;
const MESSAGES_MAX = 5;

const clients = Number(process.env["CLIENTS"]);
const url = process.env["DATABASE_URL"] ?? "";
const logger = createLogger("busy-clients", "warn");
const report = {
  connections: 0,
  transactions: 0,
  errors: 0,
  slowestMs: 0,
  messages: [""].slice(1),
};

const beBusy = async (): Promise<never> => {
  const pool = createPool({ url, size: 1, logger });
  pool.on("connect", () => (report.connections += 1));
  for (let round = 0; ; round += 1) {
    await delay(Math.random() * 2 * PAUSE_MS);
    const startedAt = performance.now();
    try {
      await inTransaction(pool, async (transaction) => {
        const text = "SELECT count(*) FROM pg_class WHERE relkind = $1";
        await transaction.query({ name: "busy", text, values: ["r"] });
        if (round % WRITES_EVERY === 0) await transaction.query("SELECT pg_current_xact_id()");
      });
      report.transactions += 1;
    } catch (error) {
      report.errors += 1;
      if (report.messages.length < MESSAGES_MAX) report.messages.push(String(error));
    }
    report.slowestMs = Math.max(report.slowestMs, Math.round(performance.now() - startedAt));
  }
};

setInterval(() => console.log(JSON.stringify({ report })), REPORT_EVERY_MS);
await Promise.all(Array.from({ length: clients }, beBusy));
