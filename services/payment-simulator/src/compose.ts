import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { createServicePool } from "@jatra/common/database/service-pool.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { gather } from "@jatra/common/service/gather.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import type { ManagedLifecycle } from "@jatra/common/service/serve.ts";
import { createSimulatorApp } from "./app.ts";
import type { Config } from "./config.ts";
import { createDeliveryStore } from "./data/create-delivery-store.ts";
import { createLedger } from "./data/create-ledger.ts";
import { createNotificationStore } from "./data/create-notification-store.ts";
import { createSessionStore } from "./data/create-session-store.ts";
import { deliverWebhooks } from "./domain/deliver-webhooks.ts";
import { createPostWebhook } from "./post-webhook.ts";
import { deliverNotifications } from "./sslcommerz/deliver-notifications.ts";

/** Finds what is due again or late; a new charge brings its own run. */
const DELIVER_EVERY_MS = 1_000;
/** Charges of this time share a webhook; it also shows merchants that the answer may come first. */
const GATHER_MS = 100;

/** Connects everything by the configuration and starts the deliveries; answers the app, not yet listening. */
export const compose = (
  config: Config,
  { logger, metrics, lifecycle }: { logger: Logger; metrics: Metrics; lifecycle: ManagedLifecycle },
) => {
  const pool = createServicePool(config, { logger, metrics });
  const deliveries = createDeliveryStore(pool);
  const notifications = createNotificationStore(pool);
  const post = createPostWebhook({
    url: new URL("/api/payments/webhooks/simulator", config.PAYMENT_SERVICE_URL).href,
    secret: config.PAYMENT_WEBHOOK_SECRET,
  });
  const delivering = runPeriodically({
    name: "webhooks",
    everyMs: DELIVER_EVERY_MS,
    run: async () => {
      await deliverWebhooks({ deliveries, post, logger });
      await deliverNotifications({ notifications, logger });
    },
    logger,
    metrics,
  });
  const deliverSoon = gather(GATHER_MS, delivering.wake);
  lifecycle.onStop("pool", () => pool.end());
  lifecycle.onStop("webhooks", delivering.stop);
  return createSimulatorApp({
    ledger: createLedger(pool),
    sessions: createSessionStore(pool),
    transact: (work) => inTransaction(pool, work),
    delayMs: config.PROVIDER_DELAY_MS,
    deliverSoon,
    providerKey: config.PAYMENT_PROVIDER_KEY,
    checkDatabase: async () => void (await pool.query("SELECT 1")),
    accepting: lifecycle.accepting,
    logger,
    metrics,
  });
};
