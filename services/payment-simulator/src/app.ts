import { createApp } from "@jatra/common/http/create-app.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import type { RequestListener } from "node:http";
import type { SessionStore } from "./data/create-session-store.ts";
import { providerRoutes, type ProviderNeeds } from "./routes/provider-routes.ts";
import { sslcommerzRoutes } from "./sslcommerz/sslcommerz-routes.ts";

export type SimulatorAppParts = ProviderNeeds & {
  readonly sessions: SessionStore;
  readonly providerKey: string;
  readonly checkDatabase: () => Promise<void>;
  readonly accepting: () => boolean;
  readonly logger: Logger;
  readonly metrics: Metrics;
};

/** Two providers in one process: an API of its own, and SSLCommerz's wire format under `/sslcommerz`. */
export const createSimulatorApp = (parts: SimulatorAppParts): RequestListener =>
  createApp({
    routes: [...providerRoutes(parts), ...sslcommerzRoutes(parts)],
    health: { checks: { database: parts.checkDatabase }, accepting: parts.accepting },
    // No people here; the bearer that the contract calls internal is the merchant's API key.
    verifyIdentity: async () => undefined,
    internalToken: parts.providerKey,
    logger: parts.logger,
    metrics: parts.metrics,
  });
