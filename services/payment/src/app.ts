import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp } from "@jatra/common/http/create-app.ts";
import type { IdempotencyEngine } from "@jatra/common/idempotency/idempotency-engine.ts";
import type { RequestListener } from "node:http";
import type { Background } from "./background.ts";
import type { BookingIntents } from "./domain/booking-intents.ts";
import type { Dependencies } from "./domain/dependencies.ts";
import { internalRoutes } from "./routes/internal-routes.ts";
import { publicRoutes } from "./routes/public-routes.ts";
import { webhookRoutes } from "./routes/webhook-routes.ts";

export type PaymentAppParts = Pick<
  AppDependencies,
  "logger" | "metrics" | "verifyIdentity" | "internalToken"
> & {
  readonly dependencies: Dependencies;
  readonly background: Pick<Background, "wakeProcessor" | "wakeRefunds">;
  readonly intents: BookingIntents;
  readonly idempotency: IdempotencyEngine;
  readonly checkDatabase: () => Promise<void>;
  readonly accepting: () => boolean;
};

/**
 * The HTTP side. Readiness looks at the database only: while RabbitMQ is away the outbox keeps the results, and Redis is
 * needed for `initiate` alone, so neither may stop payments from being recorded and closed.
 */
export const createPaymentApp = (parts: PaymentAppParts): RequestListener => {
  const { dependencies, background, intents } = parts;
  const { wakeProcessor } = background;
  return createApp({
    routes: [
      ...internalRoutes(dependencies, background),
      ...webhookRoutes(dependencies),
      ...publicRoutes({ ...dependencies, intents, wakeProcessor }),
    ],
    health: { checks: { database: parts.checkDatabase }, accepting: parts.accepting },
    idempotency: parts.idempotency,
    verifyIdentity: parts.verifyIdentity,
    internalToken: parts.internalToken,
    // A webhook may report 500 charges of some 250 bytes.
    bodyLimitBytes: 256 * 1024,
    logger: parts.logger,
    metrics: parts.metrics,
  });
};
