import { createServicePool } from "@jatra/common/database/service-pool.ts";
import { createInternalClient } from "@jatra/common/http/internal-client.ts";
import { createIdempotencyEngine } from "@jatra/common/idempotency/create-engine.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import { connectRabbit } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { startOutboxRelay } from "@jatra/common/outbox/outbox-relay.ts";
import { createRedis } from "@jatra/common/redis/client.ts";
import type { Lifecycle } from "@jatra/common/service/serve.ts";
import type { RequestListener } from "node:http";
import { createSeatApp } from "./app.ts";
import { startBackground } from "./background.ts";
import type { Config } from "./config.ts";
import { bookingEvents } from "./consumers/booking-events.ts";
import { createBookingClient } from "./data/booking-client.ts";
import { createHoldBatches } from "./data/hold-batches.ts";
import { createJourneyClient } from "./data/journey-client.ts";
import { createLockStore } from "./data/lock-store.ts";
import { createSaleStore } from "./data/sale-store.ts";
import { createLuaScripts } from "./locks/lua-scripts.ts";
import { createSeatMarkers } from "./locks/seat-markers.ts";
import { createSeatMetrics } from "./seat-metrics.ts";

/** Connects the parts; answers the app. What has to end is registered with the lifecycle, in the order of its start. */
export const compose = (config: Config, logger: Logger, lifecycle: Lifecycle): RequestListener => {
  const metrics = createMetrics(config.SERVICE_NAME);
  const seatMetrics = createSeatMetrics(metrics);
  const pool = createServicePool(config, { logger, metrics });
  lifecycle.onStop("database", () => pool.end());
  const redis = createRedis({ url: config.REDIS_URL, logger });
  lifecycle.onStop("redis", async () => redis.disconnect());
  const rabbit = connectRabbit({ url: config.RABBITMQ_URL, logger, metrics });
  lifecycle.onStop("rabbit", () => rabbit.close());

  const token = config.INTERNAL_TOKEN;
  const schedule = createInternalClient({ baseUrl: config.SCHEDULE_SERVICE_URL, token });
  const journeys = createJourneyClient(schedule);
  const booking = createBookingClient(
    createInternalClient({ baseUrl: config.BOOKING_SERVICE_URL, token }),
  );
  const scripts = createLuaScripts(redis, journeys);
  const markers = createSeatMarkers({ scripts, logger, metrics: seatMetrics });
  const locks = createLockStore(pool);
  const sales = createSaleStore(pool);
  const holdBatches = createHoldBatches(pool);

  rabbit.consume(bookingEvents({ sales, markers, seatMetrics }));
  const relay = startOutboxRelay({ pool, rabbit, logger, metrics });
  lifecycle.onStop("outbox relay", () => relay.stop());
  const idempotencyTtlSeconds = config.IDEMPOTENCY_TTL_SECONDS;
  const shared = { pool, redis, scripts, journeys, markers, sales, booking, relay, logger };
  const background = { ...shared, metrics, seatMetrics, idempotencyTtlSeconds };
  lifecycle.onStop("background", startBackground(background));

  const settings = {
    ttlSeconds: config.SEAT_LOCK_TTL_SECONDS,
    seatsMax: config.SEAT_LOCK_MAX_SEATS,
    maxHoldSeconds: config.SEAT_LOCK_MAX_HOLD_SECONDS,
    guestHolds: config.GUEST_HOLDS,
  };
  return createSeatApp(
    { pool, holdBatches, journeys, locks, markers, metrics: seatMetrics, settings },
    {
      logger,
      metrics,
      verifyIdentity: createIdentityVerifier(config.IDENTITY_PUBLIC_KEY),
      internalToken: token,
      idempotency: createIdempotencyEngine({
        pool,
        redis,
        ttlSeconds: idempotencyTtlSeconds,
        lockSeconds: config.IDEMPOTENCY_LOCK_SECONDS,
        logger,
        metrics,
      }),
      health: {
        accepting: lifecycle.accepting,
        // Neither Redis nor RabbitMQ: holds work on without them, and a failing probe would take the service from everybody.
        checks: { database: async () => void (await pool.query("SELECT 1")) },
      },
    },
  );
};
