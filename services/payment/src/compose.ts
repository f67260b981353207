import { createServicePool } from "@jatra/common/database/service-pool.ts";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { createInternalClient } from "@jatra/common/http/internal-client.ts";
import { createIdempotencyEngine } from "@jatra/common/idempotency/create-engine.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { countUnlikeReplies } from "@jatra/common/idempotency/count-unlike-replies.ts";
import { sweepIdempotencyKeys } from "@jatra/common/idempotency/sweep-idempotency-keys.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import { connectRabbit } from "@jatra/common/messaging/connection.ts";
import { invariantViolations } from "@jatra/common/metrics/invariant-violations.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { startOutboxRelay } from "@jatra/common/outbox/outbox-relay.ts";
import { createRedis } from "@jatra/common/redis/client.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import type { ManagedLifecycle } from "@jatra/common/service/serve.ts";
import { createPaymentApp } from "./app.ts";
import { startBackground } from "./background.ts";
import type { Config } from "./config.ts";
import { checkInvariants } from "./check-invariants.ts";
import { createBookingIntents } from "./create-booking-intents.ts";
import { createLedgerStore } from "./data/create-ledger-store.ts";
import { createPaymentStore } from "./data/create-payment-store.ts";
import { createRefundStore } from "./data/create-refund-store.ts";
import type { Dependencies } from "./domain/dependencies.ts";
import type { Transact } from "./domain/transact.ts";
import { createSettlementWriter } from "./domain/settlement-writer.ts";
import { paymentMetrics } from "./payment-metrics.ts";
import { createProvider } from "./providers/create-provider.ts";

/** Keys live a day; each run deletes those of one minute. */
const FORGET_KEYS_EVERY_MS = 60_000;
/** A look at the open findings and the messages that wait. */
const CHECK_EVERY_MS = 10_000;
const COMPARE_REPLIES_EVERY_MS = 60_000;

/** Connects everything by the configuration and starts the background work; answers the app, not yet listening. */
export const compose = (
  config: Config,
  { logger, metrics, lifecycle }: { logger: Logger; metrics: Metrics; lifecycle: ManagedLifecycle },
) => {
  const pool = createServicePool(config, { logger, metrics });
  const redis = createRedis({ url: config.REDIS_URL, logger });
  const rabbit = connectRabbit({ url: config.RABBITMQ_URL, logger, metrics });
  const relay = startOutboxRelay({ pool, rabbit, logger, metrics });
  const payments = createPaymentStore(pool);
  const transact: Transact = (work) => inTransaction(pool, work);
  const ledger = createLedgerStore(pool);
  const dependencies: Dependencies = {
    transact,
    payments,
    writeSettlement: createSettlementWriter({ transact, payments, send: relay.send }),
    refunds: createRefundStore(pool),
    findings: ledger,
    provider: createProvider(config),
    wakeOutbox: relay.wake,
    retriesMax: config.PAYMENT_MAX_RETRIES,
    metrics: paymentMetrics(metrics),
    logger,
  };
  const background = startBackground(dependencies, ledger, metrics);
  const ttlSeconds = config.IDEMPOTENCY_TTL_SECONDS;
  const lockSeconds = config.IDEMPOTENCY_LOCK_SECONDS;
  const booking = createInternalClient({
    baseUrl: config.BOOKING_SERVICE_URL,
    token: config.INTERNAL_TOKEN,
  });
  const every = (everyMs: number, name: string, run: () => Promise<void>): void => {
    const periodic = runPeriodically({ name, everyMs, run, logger, metrics });
    lifecycle.onStop(name, periodic.stop);
  };
  lifecycle.onStop("pool", () => pool.end());
  lifecycle.onStop("redis", async () => redis.disconnect());
  lifecycle.onStop("rabbit", rabbit.close);
  lifecycle.onStop("outbox", relay.stop);
  every(FORGET_KEYS_EVERY_MS, "idempotency-keys", async () => {
    await sweepIdempotencyKeys({ pool, ttlSeconds });
  });
  every(COMPARE_REPLIES_EVERY_MS, "compare-replies", async () =>
    invariantViolations(metrics).set(
      { invariant: "I6" },
      await countUnlikeReplies({ pool, redis }),
    ),
  );
  every(CHECK_EVERY_MS, "check-invariants", () => checkInvariants({ pool, metrics }));
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
