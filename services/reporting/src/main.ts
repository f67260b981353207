import { parseConfig } from "@jatra/common/config/parse-config.ts";
import { createServicePool } from "@jatra/common/database/service-pool.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { createLogger } from "@jatra/common/logging/logger.ts";
import { connectRabbit } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { createLifecycle, serve } from "@jatra/common/service/serve.ts";
import { start } from "@jatra/common/service/start.ts";
import { createApp } from "./app.ts";
import { configSchema } from "./config.ts";
import { consumeBookingEvents } from "./consumers/booking-events.ts";
import { createSaleStore } from "./data/sale-store.ts";

start(async () => {
  const config = parseConfig(configSchema, process.env);
  const logger = createLogger(config.SERVICE_NAME, config.LOG_LEVEL);
  const metrics = createMetrics(config.SERVICE_NAME);
  const lifecycle = createLifecycle(logger);
  const pool = createServicePool(config, { logger, metrics });
  lifecycle.onStop("database", () => pool.end());
  const rabbit = connectRabbit({ url: config.RABBITMQ_URL, logger, metrics });
  lifecycle.onStop("rabbitmq", rabbit.close);
  consumeBookingEvents(rabbit, createSaleStore(pool));
  const app = createApp({
    pool,
    logger,
    metrics,
    verifyIdentity: createIdentityVerifier(config.IDENTITY_PUBLIC_KEY),
    internalToken: config.INTERNAL_TOKEN,
    accepting: lifecycle.accepting,
  });
  await serve({ app, port: config.PORT, logger, lifecycle });
});
