import { createPool } from "@jatra/common/database/pool.ts";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { createInternalClient } from "@jatra/common/http/internal-client.ts";
import { createIdempotencyEngine } from "@jatra/common/idempotency/create-engine.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { sweepIdempotencyKeys } from "@jatra/common/idempotency/sweep-idempotency-keys.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import { connectRabbit } from "@jatra/common/messaging/connection.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { startOutboxRelay } from "@jatra/common/outbox/outbox-relay.ts";
import { createRedis } from "@jatra/common/redis/client.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import type { ManagedLifecycle } from "@jatra/common/service/serve.ts";
import { createPaymentApp } from "./app.ts";
import { startBackground } from "./background.ts";
import type { Config } from "./config.ts";
import { createBookingIntents } from "./create-booking-intents.ts";
import { createLedgerStore } from "./data/create-ledger-store.ts";
import { createPaymentStore } from "./data/create-payment-store.ts";
import { createRefundStore } from "./data/create-refund-store.ts";
import type { Dependencies } from "./domain/dependencies.ts";
import type { Transact } from "./domain/transact.ts";
import { createSettlementWriter } from "./domain/settlement-writer.ts";
import { paymentMetrics } from "./payment-metrics.ts";
import { createProvider } from "./providers/create-provider.ts";

/** Keys live a day; an hour more or less costs some rows. */
const FORGET_KEYS_EVERY_MS = 3_600_000;

/** Connects everything by the configuration and starts the background work; answers the app, not yet listening. */
export const compose = (
  config: Config,
  { logger, metrics, lifecycle }: { logger: Logger; metrics: Metrics; lifecycle: ManagedLifecycle },
) => {
  const pool = createPool({ url: config.DATABASE_URL, size: config.DATABASE_POOL_SIZE, logger });
  const redis = createRedis({ url: config.REDIS_URL, logger });
  const rabbit = connectRabbit({ url: config.RABBITMQ_URL, logger, metrics });
  const relay = startOutboxRelay({ pool, rabbit, logger, metrics });
  const payments = createPaymentStore(pool);
  const transact: Transact = (work) => inTransaction(pool, work);
  const dependencies: Dependencies = {
    transact,
    payments,
    writeSettlement: createSettlementWriter({ transact, payments, send: relay.send }),
    refunds: createRefundStore(pool),
    provider: createProvider(config),
    wakeOutbox: relay.wake,
    retriesMax: config.PAYMENT_MAX_RETRIES,
    metrics: paymentMetrics(metrics),
    logger,
  };
  const background = startBackground(dependencies, createLedgerStore(pool), metrics);
  const ttlSeconds = config.IDEMPOTENCY_TTL_SECONDS;
  const lockSeconds = config.IDEMPOTENCY_LOCK_SECONDS;
  const booking = createInternalClient({
    baseUrl: config.BOOKING_SERVICE_URL,
    token: config.INTERNAL_TOKEN,
  });
  const forgetting = runPeriodically({
    name: "idempotency-keys",
    everyMs: FORGET_KEYS_EVERY_MS,
    run: async () => void (await sweepIdempotencyKeys({ pool, ttlSeconds })),
    logger,
    metrics,
  });
  lifecycle.onStop("pool", () => pool.end());
  lifecycle.onStop("redis", async () => redis.disconnect());
  lifecycle.onStop("rabbit", rabbit.close);
  lifecycle.onStop("outbox", relay.stop);
  lifecycle.onStop("idempotency-keys", forgetting.stop);
  lifecycle.onStop("background", background.stop);
  return createPaymentApp({
    dependencies,
    background,
    intents: createBookingIntents(booking),
    idempotency: createIdempotencyEngine({
      pool,
      redis,
      ttlSeconds,
      lockSeconds,
      logger,
      metrics,
    }),
    verifyIdentity: createIdentityVerifier(config.IDENTITY_PUBLIC_KEY),
    internalToken: config.INTERNAL_TOKEN,
    checkDatabase: async () => void (await pool.query("SELECT 1")),
    accepting: lifecycle.accepting,
    logger,
    metrics,
  });
};
