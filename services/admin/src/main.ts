import { parseConfig } from "@jatra/common/config/parse-config.ts";
import { createServicePool } from "@jatra/common/database/service-pool.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { createLogger } from "@jatra/common/logging/logger.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { createLifecycle, serve } from "@jatra/common/service/serve.ts";
import { start } from "@jatra/common/service/start.ts";
import { createApp } from "./app.ts";
import { configSchema, serviceUrls } from "./config.ts";

start(async () => {
  const config = parseConfig(configSchema, process.env);
  const logger = createLogger(config.SERVICE_NAME, config.LOG_LEVEL);
  const metrics = createMetrics(config.SERVICE_NAME);
  const lifecycle = createLifecycle(logger);
  const pool = createServicePool(config, { logger, metrics });
  lifecycle.onStop("database", () => pool.end());
  const app = createApp({
    pool,
    serviceUrls: serviceUrls(config),
    logger,
    metrics,
    verifyIdentity: createIdentityVerifier(config.IDENTITY_PUBLIC_KEY),
    internalToken: config.INTERNAL_TOKEN,
    accepting: lifecycle.accepting,
  });
  await serve({ app, port: config.PORT, logger, lifecycle });
});
