import { createServicePool } from "@jatra/common/database/service-pool.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import { connectRabbit } from "@jatra/common/messaging/connection.ts";
import { invariantViolations } from "@jatra/common/metrics/invariant-violations.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { startOutboxRelay } from "@jatra/common/outbox/outbox-relay.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import type { Lifecycle } from "@jatra/common/service/serve.ts";
import type { RequestListener } from "node:http";
import { createTicketApp } from "./app.ts";
import type { Config } from "./config.ts";
import { bookingEvents } from "./consumers/booking-events.ts";
import { countGoodTicketsOfVoid } from "./data/count-violations.ts";
import { createTicketStore } from "./data/ticket-store.ts";
import { createTicketSigner } from "./domain/ticket-signer.ts";
import { createTicketMetrics } from "./ticket-metrics.ts";

/** Reads what was ever void, so rarely. */
const CHECK_EVERY_MS = 60_000;

/** Connects the parts; answers the app. What has to end is registered with the lifecycle, in the order of its start. */
export const compose = async (
  config: Config,
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<RequestListener> => {
  const signer = await createTicketSigner(config.TICKET_SIGNING_KEY, config.TICKET_FURTHER_KEYS);
  const metrics = createMetrics(config.SERVICE_NAME);
  const ticketMetrics = createTicketMetrics(metrics);
  const pool = createServicePool(config, { logger, metrics });
  lifecycle.onStop("database", () => pool.end());
  const rabbit = connectRabbit({ url: config.RABBITMQ_URL, logger, metrics });
  lifecycle.onStop("rabbit", () => rabbit.close());
  const relay = startOutboxRelay({ pool, rabbit, logger, metrics });
  lifecycle.onStop("outbox relay", () => relay.stop());
  const checking = runPeriodically({
    name: "check-invariants",
    everyMs: CHECK_EVERY_MS,
    run: async () =>
      invariantViolations(metrics).set({ invariant: "I9" }, await countGoodTicketsOfVoid(pool)),
    logger,
    metrics,
  });
  lifecycle.onStop("check-invariants", checking.stop);
  const tickets = createTicketStore(pool, relay.send);
  rabbit.consume(bookingEvents({ tickets, metrics: ticketMetrics }));
  return createTicketApp(
    { tickets, signer, metrics: ticketMetrics },
    {
      logger,
      metrics,
      verifyIdentity: createIdentityVerifier(config.IDENTITY_PUBLIC_KEY),
      internalToken: config.INTERNAL_TOKEN,
      health: {
        accepting: lifecycle.accepting,
        // Not RabbitMQ: the gates go on without it, and a failing probe would take the service from them.
        checks: { database: async () => void (await pool.query("SELECT 1")) },
      },
    },
  );
};
