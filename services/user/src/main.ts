import { parseConfig } from "@jatra/common/config/parse-config.ts";
import { createServicePool } from "@jatra/common/database/service-pool.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { createLogger } from "@jatra/common/logging/logger.ts";
import { connectRabbit } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { sweepInbox } from "@jatra/common/outbox/sweep-inbox.ts";
import { createLifecycle, serve } from "@jatra/common/service/serve.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import { start } from "@jatra/common/service/start.ts";
import { createApp } from "./app.ts";
import { configSchema } from "./config.ts";
import { takeInRegistrations } from "./consumers/take-in-registrations.ts";

/** Old inbox rows do no harm; they only take room. */
const SWEEP_MS = 60_000;

start(async () => {
  const config = parseConfig(configSchema, process.env);
  const logger = createLogger(config.SERVICE_NAME, config.LOG_LEVEL);
  const metrics = createMetrics(config.SERVICE_NAME);
  const lifecycle = createLifecycle(logger);
  const pool = createServicePool(config, { logger, metrics });
  lifecycle.onStop("database", () => pool.end());
  const rabbit = connectRabbit({ url: config.RABBITMQ_URL, logger, metrics });
  lifecycle.onStop("rabbitmq", rabbit.close);
  rabbit.consume(takeInRegistrations({ pool }));
  const run = async (): Promise<void> => void (await sweepInbox({ pool }));
  const sweep = runPeriodically({ name: "sweep", everyMs: SWEEP_MS, run, logger, metrics });
  lifecycle.onStop("sweep", sweep.stop);
  const verifyIdentity = createIdentityVerifier(config.IDENTITY_PUBLIC_KEY);
  const { INTERNAL_TOKEN: internalToken } = config;
  const { accepting } = lifecycle;
  const app = createApp({ pool, logger, metrics, verifyIdentity, internalToken, accepting });
  await serve({ app, port: config.PORT, logger, lifecycle });
});
