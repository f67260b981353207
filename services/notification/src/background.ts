import type { Logger } from "@jatra/common/logging/logger.ts";
import type { RabbitConnection } from "@jatra/common/messaging/connection.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { sweepInbox } from "@jatra/common/outbox/sweep-inbox.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import type { Lifecycle } from "@jatra/common/service/serve.ts";
import type pg from "pg";
import { consumeBookingEvents } from "./consumers/booking-events.ts";
import { consumeRegistrations } from "./consumers/registrations.ts";
import { createDeliveryStore } from "./data/delivery-store.ts";
import { createNotificationStore } from "./data/notification-store.ts";
import { sweepNotifications } from "./data/sweep-notifications.ts";
import { deliverDue, type Outlet } from "./domain/deliver-due.ts";
import { outletChannels } from "./domain/channels.ts";
import { deliveryMetrics } from "./delivery/delivery-metrics.ts";

/** A notification that waits for a poll is late by this at most; usually the consumer wakes the sender. */
const SEND_EVERY_MS = 2_000;
const SWEEP_EVERY_MS = 600_000;

/** What runs beside HTTP: two consumers, the sender where there is an outlet, the sweepers. */
export const startBackground = (dependencies: {
  readonly pool: pg.Pool;
  readonly rabbit: RabbitConnection;
  readonly outlet: Outlet | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
}): void => {
  const { pool, rabbit, outlet, logger, metrics, lifecycle } = dependencies;
  const wakeSender = outlet ? startSender({ ...dependencies, outlet }) : () => undefined;
  const store = createNotificationStore(pool, outlet ? outletChannels : []);
  consumeBookingEvents({ rabbit, store, wakeSender });
  consumeRegistrations({ rabbit, store, wakeSender });
  const sweeps = [
    { name: "inbox-sweep", run: () => discard(sweepInbox({ pool })) },
    { name: "notification-sweep", run: () => discard(sweepNotifications({ pool })) },
  ].map((sweep) => runPeriodically({ ...sweep, everyMs: SWEEP_EVERY_MS, logger, metrics }));
  lifecycle.onStop("sweeps", async () => {
    await Promise.all(sweeps.map((sweep) => sweep.stop()));
  });
};

const startSender = (dependencies: {
  readonly pool: pg.Pool;
  readonly outlet: Outlet;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
}): (() => void) => {
  const { pool, outlet, logger, metrics, lifecycle } = dependencies;
  const deliveries = createDeliveryStore(pool);
  const { delivered } = deliveryMetrics(metrics);
  const sender = runPeriodically({
    name: "delivery",
    everyMs: SEND_EVERY_MS,
    run: async () => {
      const onEnd = (channel: string, outcome: string): void => delivered.inc({ channel, outcome });
      await deliverDue({ deliveries, outlet, onEnd });
    },
    logger,
    metrics,
  });
  lifecycle.onStop("delivery", sender.stop);
  return sender.wake;
};

/** Old rows are housekeeping, not repairs to be counted. */
const discard = async (rows: Promise<number>): Promise<void> => void (await rows);
