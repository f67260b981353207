import { parseConfig } from "@jatra/common/config/parse-config.ts";
import { createServicePool } from "@jatra/common/database/service-pool.ts";
import { createInternalClient } from "@jatra/common/http/internal-client.ts";
import { createIdempotencyEngine } from "@jatra/common/idempotency/create-engine.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { createLogger } from "@jatra/common/logging/logger.ts";
import { connectRabbit } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { createRedis } from "@jatra/common/redis/client.ts";
import { createLifecycle, serve } from "@jatra/common/service/serve.ts";
import { start } from "@jatra/common/service/start.ts";
import { createApp } from "./app.ts";
import { startBackground } from "./background.ts";
import { createPayments } from "./clients/payment-client.ts";
import { createSeatReservation } from "./clients/seat-reservation-client.ts";
import { configSchema } from "./config.ts";
import { createPaymentPace } from "./domain/payment-pace.ts";

start(async () => {
  const config = parseConfig(configSchema, process.env);
  const logger = createLogger(config.SERVICE_NAME, config.LOG_LEVEL);
  const metrics = createMetrics(config.SERVICE_NAME);
  const lifecycle = createLifecycle(logger);
  const pool = createServicePool(config, { logger, metrics });
  lifecycle.onStop("database", () => pool.end());
  const redis = createRedis({ url: config.REDIS_URL, logger });
  lifecycle.onStop("redis", async () => redis.disconnect());
  const rabbit = connectRabbit({ url: config.RABBITMQ_URL, logger, metrics });
  lifecycle.onStop("rabbitmq", rabbit.close);
  const clientOf = (baseUrl: string) =>
    createInternalClient({ baseUrl, token: config.INTERNAL_TOKEN });
  const pace = createPaymentPace();
  const shared = { pool, redis, rabbit, pace, logger, metrics, lifecycle };
  const ttlSeconds = config.IDEMPOTENCY_TTL_SECONDS;
  const payments = createPayments(clientOf(config.PAYMENT_SERVICE_URL));
  const retriesMax = config.PAYMENT_MAX_RETRIES;
  const app = createApp({
    ...shared,
    ...startBackground({ ...shared, payments, retriesMax, idempotencyTtlSeconds: ttlSeconds }),
    seats: createSeatReservation(clientOf(config.SEAT_RESERVATION_SERVICE_URL)),
    paymentDeadlineSeconds: config.PAYMENT_DEADLINE_SECONDS,
    idempotency: createIdempotencyEngine({
      ...shared,
      ttlSeconds,
      lockSeconds: config.IDEMPOTENCY_LOCK_SECONDS,
    }),
    verifyIdentity: createIdentityVerifier(config.IDENTITY_PUBLIC_KEY),
    internalToken: config.INTERNAL_TOKEN,
    accepting: lifecycle.accepting,
  });
  await serve({ app, port: config.PORT, logger, lifecycle });
});
