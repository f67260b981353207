import type { IdempotencyEngine } from "../idempotency/idempotency-engine.ts";
import type { IdentityVerifier } from "../identity/identity-verifier.ts";
import type { Logger } from "../logging/logger.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Route } from "./bind.ts";
import type { Health } from "./health.ts";

/** What the HTTP side of a service is put together from. */
export type AppDependencies = {
  readonly routes: readonly Route[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly verifyIdentity: IdentityVerifier;
  readonly internalToken: string;
  readonly idempotency?: IdempotencyEngine;
  /** Largest body in bytes; 64 KiB unless told. */
  readonly bodyLimitBytes?: number;
};
