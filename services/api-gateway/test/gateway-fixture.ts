import { generateKeyPairSync, randomUUID, type KeyPairKeyObjectResult } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "@jatra/common/logging/logger.ts";
import { createMetrics, type Metrics } from "@jatra/common/metrics/metrics.ts";
import { loadOperations } from "@jatra/common/openapi/load-operations.ts";
import { createRedis } from "@jatra/common/redis/client.ts";
import { whenRedisReady } from "@jatra/common/redis/when-redis-ready.ts";
import { drain } from "@jatra/common/service/drain.ts";
import { createLifecycle } from "@jatra/common/service/serve.ts";
import { createTestRedis, type TestRedis } from "@jatra/testing/test-redis.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { SignJWT } from "jose";
import { Agent, request as httpRequest } from "undici";
import { accessToken, type Role } from "@jatra/contracts/identity.ts";
import { composeGateway } from "../src/compose.ts";
import { circuitBreakerSchema, type CircuitBreakerConfig, type Config } from "../src/config.ts";
import { createEdgeServer, type Patience } from "../src/edge/create-server.ts";

const listen = async (server: Server): Promise<string> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  return `http://127.0.0.1:${address.port}`;
};

export type SeenRequest = {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
};

export type FakeService = {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** How it answers from now on, after it has read the request. */
  answer: (request: SeenRequest, response: ServerResponse) => void;
  readonly server: Server;
  readonly close: () => Promise<void>;
};

/** A stand-in for another service, on loopback. */
export const startFakeService = async (): Promise<FakeService> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      const { method, url, headers } = request;
      const seen = { method, url, headers, body: Buffer.concat(chunks).toString() };
      fake.seen.push(seen);
      fake.answer(seen, response);
    });
  });
  const url = await listen(server);
  const fake: FakeService = {
    url,
    server,
    seen: [],
    answer: (_request, response) => {
      response.setHeader("Content-Type", "application/json");
      response.end('{"fine":true}');
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return fake;
};

/** Auth's keys without auth: signs tokens as it would, and publishes the keys. */
export const startFakeAuth = async (): Promise<
  FakeService & {
    readonly token: (userId: string, role?: Role, expiresIn?: string) => Promise<string>;
    /** Signs whatever claims. */
    readonly sign: (claims: Readonly<Record<string, unknown>>) => Promise<string>;
    readonly key: () => { readonly kid: string } & KeyPairKeyObjectResult;
    readonly rotate: () => void;
  }
> => {
  const fake = await startFakeService();
  const makeKey = () => ({ kid: randomUUID(), ...generateKeyPairSync("ed25519") });
  let current = makeKey();
  const answerAuth: FakeService["answer"] = (request, response) => {
    if (request.url !== "/.well-known/jwks.json") {
      response.end("{}");
      return;
    }
    const { kid, publicKey } = current;
    const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: "EdDSA", use: "sig" };
    response.end(JSON.stringify({ keys: [jwk] }));
  };
  fake.answer = answerAuth;
  return Object.assign(fake, {
    token: async (userId: string, role: Role = "customer", expiresIn = "15m") =>
      new SignJWT({ role, name: "Rahima", email: "rahima@example.com" })
        .setProtectedHeader({ alg: "EdDSA", kid: current.kid })
        .setSubject(userId)
        .setIssuer(accessToken.issuer)
        .setAudience(accessToken.audience)
        .setIssuedAt()
        .setExpirationTime(expiresIn)
        .sign(current.privateKey),
    sign: async (claims: Readonly<Record<string, unknown>>) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: "EdDSA", kid: current.kid })
        .sign(current.privateKey),
    key: () => current,
    rotate: () => {
      current = makeKey();
    },
  });
};

export type GatewayAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: () => Record<string, unknown>;
};

export type TestGateway = {
  readonly url: string;
  readonly server: Server;
  readonly metrics: Metrics;
  readonly identityPublicKey: string;
  readonly request: (
    method: string,
    path: string,
    options?: { body?: string | Buffer; headers?: Record<string, string>; token?: string },
  ) => Promise<GatewayAnswer>;
  /** The first half of what SIGTERM does; `stop` is the second. */
  readonly drain: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** A gateway pod. Everything that isn't in `urls` is unreachable. */
export const startGateway = async (options: {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly urls: Readonly<Record<string, string>>;
  readonly pod?: string;
  readonly guestHolds?: boolean;
  readonly requestsPerSecond?: number;
  readonly userRequestsPerSecond?: number;
  readonly operationLimits?: Config["RATE_LIMIT_OPERATIONS"];
  readonly circuitBreaker?: Partial<CircuitBreakerConfig>;
  readonly identityKey?: { readonly privateKey: string; readonly publicKey: string };
  readonly patience?: Patience;
  readonly logger?: Logger;
}): Promise<TestGateway> => {
  const redis = createRedis({ url: options.redisUrl, logger: silentLogger });
  await whenRedisReady(redis, 3_000).catch(() => undefined);
  const metrics = createMetrics("api-gateway");
  const lifecycle = createLifecycle(silentLogger);
  lifecycle.onStop("redis", async () => redis.disconnect());
  const { privateKey, publicKey } = options.identityKey ?? makeIdentityKey();
  let draining = false;
  const app = composeGateway({
    config: {
      POD_NAME: options.pod ?? "gateway-test",
      IDENTITY_PRIVATE_KEY: privateKey,
      GUEST_HOLDS: options.guestHolds ?? false,
      RATE_LIMIT_REQUESTS_PER_SECOND: options.requestsPerSecond ?? 100_000,
      RATE_LIMIT_USER_REQUESTS_PER_SECOND: options.userRequestsPerSecond,
      RATE_LIMIT_OPERATIONS: options.operationLimits ?? {},
      CIRCUIT_BREAKER: circuitBreakerSchema.parse(options.circuitBreaker ?? {}),
    },
    urlOf: (service) => options.urls[service] ?? "http://127.0.0.1:9",
    contracts: await loadOperations(),
    redis,
    prefix: options.prefix,
    // Beside a busy build, Redis' answer may wait for its turn for long.
    patienceMs: 2_000,
    logger: options.logger ?? silentLogger,
    metrics,
    lifecycle: { ...lifecycle, accepting: () => !draining && lifecycle.accepting() },
  });
  const server = createEdgeServer(app, options.patience);
  const url = await listen(server);
  const dispatcher = new Agent();
  return {
    url,
    server,
    metrics,
    identityPublicKey: publicKey,
    request: async (method, path, { body, headers, token } = {}) => {
      const answer = await httpRequest(`${url}${path}`, {
        dispatcher,
        method,
        body: body ?? null,
        headers: {
          ...headers,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
      });
      const text = await answer.body.text();
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text,
        json: () => JSON.parse(text) as Record<string, unknown>,
      };
    },
    drain: () => {
      draining = true;
      return drain(server);
    },
    stop: async () => {
      await dispatcher.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
      await lifecycle.stop();
    },
  };
};

export const makeIdentityKey = (): { privateKey: string; publicKey: string } => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKey: privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
    publicKey: publicKey.export({ format: "der", type: "spki" }).toString("base64"),
  };
};

export type TestPlatform = {
  readonly redis: TestRedis;
  readonly auth: Awaited<ReturnType<typeof startFakeAuth>>;
  readonly schedule: FakeService;
  readonly booking: FakeService;
  readonly seats: FakeService;
  /** Without circuits, which have tests of their own: here services fail on purpose. */
  readonly gateway: TestGateway;
  readonly close: () => Promise<void>;
};

/** One gateway before four stand-ins. */
export const startPlatform = async (): Promise<TestPlatform> => {
  const redis = await createTestRedis();
  const [auth, schedule, booking, seats] = await Promise.all([
    startFakeAuth(),
    startFakeService(),
    startFakeService(),
    startFakeService(),
  ]);
  const gateway = await startGateway({
    redisUrl: redis.url,
    prefix: `test-${randomUUID()}`,
    urls: {
      auth: auth.url,
      schedule: schedule.url,
      booking: booking.url,
      "seat-reservation": seats.url,
    },
    circuitBreaker: { enabled: false },
  });
  const close = async (): Promise<void> => {
    await gateway.stop();
    await Promise.all([auth, schedule, booking, seats].map((fake) => fake.close()));
    await redis.drop();
  };
  return { redis, auth, schedule, booking, seats, gateway, close };
};
