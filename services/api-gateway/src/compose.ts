import { randomBytes } from "node:crypto";
import type { RequestListener } from "node:http";
import { createApp as createOwnApp } from "@jatra/common/http/create-app.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import type { OperationGroup } from "@jatra/common/openapi/create-document.ts";
import type { Redis } from "@jatra/common/redis/client.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import type { Lifecycle } from "@jatra/common/service/serve.ts";
import { jwks } from "@jatra/contracts/http/auth.ts";
import { services } from "@jatra/contracts/service-names.ts";
import { createApp, OWN_SERVICE } from "./app.ts";
import { createCircuitBoard } from "./breaker/circuit-board.ts";
import { createCircuits } from "./breaker/create-circuits.ts";
import { createCircuitChannel } from "./breaker/share-circuits.ts";
import { circuitSettingsOf, type Config } from "./config.ts";
import { createOpenApi } from "./docs/open-api.ts";
import { docsRoutes } from "./docs/docs-routes.ts";
import { ratePolicies, type RatePolicies } from "./domain/rate-policy.ts";
import { createRouteTable, type RouteTable } from "./domain/route-table.ts";
import { edgeMetrics } from "./edge/observe-visit.ts";
import { createAddressTokens } from "./identity/address-tokens.ts";
import { createIdentitySigner } from "./identity/identity-signer.ts";
import { createKeySet } from "./identity/key-set.ts";
import { createPassports } from "./identity/passports.ts";
import { createRateLimiter } from "./limit/rate-limiter.ts";
import { createRedisWindows } from "./limit/redis-windows.ts";
import { createUpstream } from "./proxy/upstreams.ts";
import { circuitRoutes } from "./routes/circuit-routes.ts";

/** Below the board's time to live by three; also how long a pod that missed a message stays behind. */
const BOARD_MS = 5_000;

export type GatewayOptions = {
  readonly config: Pick<
    Config,
    | "POD_NAME"
    | "IDENTITY_PRIVATE_KEY"
    | "GUEST_HOLDS"
    | "RATE_LIMIT_REQUESTS_PER_SECOND"
    | "RATE_LIMIT_USER_REQUESTS_PER_SECOND"
    | "RATE_LIMIT_OPERATIONS"
    | "CIRCUIT_BREAKER"
  >;
  readonly urlOf: (service: string) => string;
  /** All contracts; what isn't a service of the platform (the simulator) has no way through the gateway. */
  readonly contracts: readonly OperationGroup[];
  readonly redis: Redis;
  /** Of Redis keys and the channel. */
  readonly prefix: string;
  /** Of the rate limiter with Redis, where it isn't the usual one. */
  readonly patienceMs?: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
};

/** Puts the gateway together. */
export const composeGateway = (options: GatewayOptions): RequestListener => {
  const { config, redis, prefix, logger, metrics, lifecycle } = options;
  const routes = routesOf(options.contracts);
  const { circuits, ownRoutes } = composeCircuits(options, routes);
  const signer = createIdentitySigner(config.IDENTITY_PRIVATE_KEY);
  const keySet = createKeySet({ url: `${options.urlOf("auth")}${jwks.path}`, logger });
  // The first signed-in request needn't wait for it then.
  void keySet.refresh();
  const upstreams = new Map(
    proxied(routes).map((service) => [service, createUpstream(service, options.urlOf(service))]),
  );
  lifecycle.onStop("connections to services", async () => {
    await Promise.all([...upstreams.values()].map(({ pool }) => pool.close()));
  });
  const ownApp = createOwnApp({
    routes: [...ownRoutes, ...docsRoutes(createOpenApi(options.contracts))],
    logger,
    metrics,
    // Without Redis or a service the gateway still does what can be done, so nothing but draining takes it out.
    health: { checks: {}, accepting: lifecycle.accepting },
    verifyIdentity: createIdentityVerifier(signer.publicKey),
    // It has no internal operations, and nobody knows this.
    internalToken: randomBytes(32).toString("hex"),
  });
  return createApp({
    routes,
    upstreams,
    circuits,
    ownApp,
    logger,
    metrics,
    passports: createPassports({ getKey: keySet.getKey, signer }),
    addressToken: createAddressTokens(signer),
    limiter: createRateLimiter({
      windows: createRedisWindows(redis, prefix),
      logger,
      onAlone: (requests) => edgeMetrics(metrics).rateLimitsAlone.inc(requests),
      ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
    }),
    policies: policiesOf(options),
    guestHolds: config.GUEST_HOLDS,
  });
};

const routesOf = (contracts: readonly OperationGroup[]): RouteTable =>
  createRouteTable(
    Object.fromEntries(
      contracts
        .filter(({ name }) => Object.hasOwn(services, name))
        .map(({ name, operations }) => [name, operations]),
    ),
  );

const policiesOf = ({ config, contracts, logger }: GatewayOptions): RatePolicies => {
  const operations = config.RATE_LIMIT_OPERATIONS;
  const known = new Set(contracts.flatMap((group) => group.operations.map((o) => o.operationId)));
  for (const operationId of Object.keys(operations)) {
    // An operation of another release must not keep the gateway from starting.
    if (!known.has(operationId)) logger.warn({ operationId }, "a rate limit names no operation");
  }
  return ratePolicies({
    requestsPerSecond: config.RATE_LIMIT_REQUESTS_PER_SECOND,
    userRequestsPerSecond:
      config.RATE_LIMIT_USER_REQUESTS_PER_SECOND ?? config.RATE_LIMIT_REQUESTS_PER_SECOND,
    operations,
  });
};

const proxied = (routes: RouteTable): string[] =>
  routes.services.filter((service) => service !== OWN_SERVICE);

const composeCircuits = (options: GatewayOptions, routes: RouteTable) => {
  const { config, redis, prefix, logger, metrics, lifecycle } = options;
  const pod = config.POD_NAME;
  const channel = createCircuitChannel({ redis, pod, channel: `${prefix}:circuits`, logger });
  const settings = new Map(
    proxied(routes).flatMap((service) => {
      const each = circuitSettingsOf(config.CIRCUIT_BREAKER, service);
      return each ? [[service, each] as const] : [];
    }),
  );
  const circuits = createCircuits({
    settings,
    tell: channel.tell,
    onChange: () => periodic.wake(),
    logger,
    metrics,
  });
  const board = createCircuitBoard({ redis, pod, circuits, prefix });
  const periodic = runPeriodically({
    name: "circuit-board",
    everyMs: BOARD_MS,
    // Without Redis there is nothing to exchange, and its client says so itself.
    run: () => board.exchange().catch(() => undefined),
    logger,
    metrics,
  });
  channel.listen(circuits);
  lifecycle.onStop("circuits", async () => {
    await periodic.stop();
    channel.close();
    await board.leave().catch(() => undefined);
  });
  return { circuits, ownRoutes: circuitRoutes(circuits, board) };
};
