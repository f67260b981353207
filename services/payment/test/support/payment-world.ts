import { randomUUID } from "node:crypto";
import { connectRabbit } from "@jatra/common/messaging/connection.ts";
import { createMetrics, type Metrics } from "@jatra/common/metrics/metrics.ts";
import { createLifecycle } from "@jatra/common/service/serve.ts";
import type { PaymentIntent as BookingIntent } from "@jatra/contracts/http/booking.ts";
import type { PaymentIntent } from "@jatra/contracts/http/payment.ts";
import { paymentEventSchema, type PaymentEvent } from "@jatra/contracts/messages/payment-event.ts";
import type { PaymentDetails } from "@jatra/contracts/messages/payment-process.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp, type TestApp } from "@jatra/testing/test-app.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import {
  internalHeaders,
  testIdentityPublicKey,
  testInternalToken,
} from "@jatra/testing/test-identity.ts";
import { createTestRedis } from "@jatra/testing/test-redis.ts";
import { createTestVhost } from "@jatra/testing/test-vhost.ts";
import { compose } from "../../src/compose.ts";
import { configSchema } from "../../src/config.ts";
import { startFakeBooking } from "./fake-booking.ts";
import { freePort } from "@jatra/testing/free-port.ts";
import {
  providerKey,
  startSimulator,
  webhookSecret,
  type SimulatorProcess,
} from "./simulator-process.ts";

export type PaymentWorld = {
  readonly app: TestApp;
  readonly database: TestDatabase;
  readonly simulator: SimulatorProcess;
  readonly metrics: Metrics;
  /** What `payment-service` is started with, for a second process of it. */
  readonly environment: Record<string, string>;
  /** What arrived at booking's queue, in order. */
  readonly events: PaymentEvent[];
  /** What the faked booking-service answers when it is asked for a booking's intent. */
  readonly bookings: Map<string, BookingIntent>;
  readonly put: (paymentId: string, intent: PaymentIntent) => ReturnType<TestApp["request"]>;
  readonly stateOf: (paymentId: string) => Promise<string>;
  /** Awaits the event that ends a payment (or, with a refund id, a refund). */
  readonly outcomeOf: (id: string, deadlineMs?: number) => Promise<PaymentEvent>;
  readonly stop: () => Promise<void>;
};

/** Payment-service in this process, on real stores, with the real simulator beside it and booking-service faked. */
export const startPaymentWorld = async (
  overrides: Record<string, string> = {},
): Promise<PaymentWorld> => {
  const [database, vhost, redis, simulatorPort] = await Promise.all([
    createTestDatabase({ folder: new URL("../../migrations", import.meta.url) }),
    createTestVhost(),
    createTestRedis(),
    freePort(),
  ]);
  const bookings = new Map<string, BookingIntent>();
  const booking = await startFakeBooking(bookings);
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const environment = {
    PORT: "0",
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    RABBITMQ_URL: vhost.url,
    IDENTITY_PUBLIC_KEY: testIdentityPublicKey,
    INTERNAL_TOKEN: testInternalToken,
    BOOKING_SERVICE_URL: booking.url,
    PAYMENT_SIMULATOR_URL: simulatorUrl,
    SSLCOMMERZ_URL: `${simulatorUrl}/sslcommerz`,
    PAYMENT_PROVIDER_KEY: providerKey,
    PAYMENT_WEBHOOK_SECRET: webhookSecret,
    ...overrides,
  };
  const logger = silentLogger;
  const metrics = createMetrics("payment-service");
  const lifecycle = createLifecycle(logger);
  // The provider's notifications need an address before the app has one.
  const appPort = await freePort();
  const config = configSchema.parse({ ...environment, PUBLIC_URL: `http://127.0.0.1:${appPort}` });
  const app = await startTestApp(compose(config, { logger, metrics, lifecycle }), appPort);
  const simulator = await startSimulator({ port: simulatorPort, paymentServiceUrl: app.url });
  const events: PaymentEvent[] = [];
  const rabbit = connectRabbit({ url: vhost.url, logger, metrics: createMetrics("test") });
  rabbit.consume({
    queue: "booking.payment-events.queue",
    prefetch: 50,
    handle: async ({ content }) => void events.push(paymentEventSchema.parse(content)),
  });
  return {
    app,
    database,
    simulator,
    metrics,
    environment,
    events,
    bookings,
    put: (paymentId, intent) =>
      app.request("PUT", `/internal/payments/${paymentId}`, {
        headers: internalHeaders,
        body: intent,
      }),
    stateOf: async (paymentId) => {
      const { rows } = await database.pool.query<{ state: string }>(
        "SELECT state FROM payments WHERE payment_id = $1",
        [paymentId],
      );
      return rows[0]?.state ?? "none";
    },
    outcomeOf: (id, deadlineMs) =>
      eventually(
        () =>
          events.find(
            (event) => event.refundId === id || (event.paymentId === id && !event.refundId),
          ),
        deadlineMs,
      ),
    stop: async () => {
      await app.close();
      await lifecycle.stop();
      await simulator.stop();
      await rabbit.close();
      await booking.close();
      await Promise.all([database.drop(), vhost.drop(), redis.drop()]);
    },
  };
};

export const newIntent = (
  simulate?: PaymentDetails["simulate"],
  changes: Partial<PaymentIntent> = {},
): PaymentIntent => ({
  bookingId: randomUUID(),
  userId: "user-1",
  amount: 125_000,
  currency: "BDT",
  paymentMethod: "card",
  ...(simulate === undefined ? {} : { paymentDetails: { simulate } }),
  ...changes,
});
