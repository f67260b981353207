import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { bind } from "@jatra/common/http/bind.ts";
import { createApp } from "@jatra/common/http/create-app.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { ok } from "@jatra/common/http/reply.ts";
import { getPaymentIntent, type PaymentIntent } from "@jatra/contracts/http/booking.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp, type TestApp } from "@jatra/testing/test-app.ts";
import { testInternalToken } from "@jatra/testing/test-identity.ts";

/** Booking-service as payment-service knows it: one question, answered from `bookings`. */
export const startFakeBooking = (bookings: ReadonlyMap<string, PaymentIntent>): Promise<TestApp> =>
  startTestApp(
    createApp({
      routes: [
        bind(getPaymentIntent, async ({ params }) => {
          const intent = bookings.get(params.bookingId);
          if (!intent) throw new Problem("not_found");
          return ok(intent);
        }),
      ],
      health: { checks: {}, accepting: () => true },
      verifyIdentity: async () => undefined,
      internalToken: testInternalToken,
      logger: silentLogger,
      metrics: createMetrics("fake-booking"),
    }),
  );
