import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LedgerEntry } from "@jatra/contracts/http/payment-simulator.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestDatabase } from "@jatra/testing/test-database.ts";

export const providerKey = "test-store:test-provider-key";
export const webhookSecret = "test-webhook-secret";

export type SimulatorProcess = {
  readonly url: string;
  /** The provider's own books: what a payer's bank would show. */
  readonly ledger: () => Promise<LedgerEntry[]>;
  readonly call: (method: string, path: string, body?: unknown) => Promise<Response>;
  readonly stop: () => Promise<void>;
};

const folder = new URL("../../../payment-simulator/", import.meta.url);

/** The real simulator as its own process with its own database; webhooks go to `paymentServiceUrl`. */
export const startSimulator = async (options: {
  readonly port: number;
  readonly paymentServiceUrl: string;
}): Promise<SimulatorProcess> => {
  const database = await createTestDatabase({ folder: new URL("migrations", folder) });
  const url = `http://127.0.0.1:${options.port}`;
  const child = spawn(process.execPath, ["src/main.ts"], {
    cwd: fileURLToPath(folder),
    stdio: ["ignore", process.env["JATRA_TEST_LOG_LEVEL"] ? "inherit" : "ignore", "inherit"],
    env: {
      PATH: process.env["PATH"],
      PORT: String(options.port),
      DATABASE_URL: database.url,
      PAYMENT_PROVIDER_KEY: providerKey,
      PAYMENT_WEBHOOK_SECRET: webhookSecret,
      PAYMENT_SERVICE_URL: options.paymentServiceUrl,
    },
  });
  await eventually(async () => (await fetch(`${url}/health/ready`)).ok);
  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${providerKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    url,
    call,
    ledger: async () => {
      const page = (await (await call("GET", "/v1/ledger")).json()) as { entries: LedgerEntry[] };
      return page.entries;
    },
    stop: async () => {
      await end(child, "SIGTERM");
      await database.drop();
    },
  };
};

/** Ends a process that a test started, and waits for it. */
export const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
};
