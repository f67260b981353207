import { randomUUID } from "node:crypto";
import { createInternalClient } from "@jatra/common/http/internal-client.ts";
import { createIdempotencyEngine } from "@jatra/common/idempotency/create-engine.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { bookingSchema, type Booking } from "@jatra/contracts/http/booking.ts";
import { silentLogger as logger } from "@jatra/testing/silent-logger.ts";
import { startTestApp } from "@jatra/testing/test-app.ts";
import { createTestDatabase } from "@jatra/testing/test-database.ts";
import {
  internalHeaders,
  testIdentityPublicKey,
  testInternalToken,
} from "@jatra/testing/test-identity.ts";
import { createTestRedis } from "@jatra/testing/test-redis.ts";
import { createApp } from "../../src/app.ts";
import { createPayments } from "../../src/clients/payment-client.ts";
import { createSeatReservation } from "../../src/clients/seat-reservation-client.ts";
import { createBookingStore } from "../../src/data/booking-store.ts";
import { createSweeps } from "../../src/data/sweep-store.ts";
import { createSharedTransact, createTransact } from "../../src/data/transact.ts";
import { applyPaymentEnd, type PaymentEnd } from "../../src/domain/apply-payment-end.ts";
import { bookingIdOf, paymentIdOf } from "../../src/domain/booking-ids.ts";
import { createPaymentPace } from "../../src/domain/payment-pace.ts";
import type { Transact } from "../../src/domain/stores.ts";
import { startFakeNeighbours } from "./fake-neighbours.ts";

export const migrations = new URL("../../migrations", import.meta.url);

/** booking-service over real stores, with its neighbours faked on loopback; nothing runs in the background. */
export const startBookingWorld = async () => {
  const [database, redis, neighbours] = await Promise.all([
    createTestDatabase({ folder: migrations }),
    createTestRedis(),
    startFakeNeighbours(),
  ]);
  const { pool } = database;
  const metrics = createMetrics("booking-service");
  // `startRunningWorld` puts the one in that wakes its background work.
  const together = { itemsMax: 32, runningMax: 2, gatherMs: 3 };
  const nothing = { wake: () => undefined, send: () => undefined };
  const current = {
    transact: createTransact(pool, nothing),
    transactTogether: createSharedTransact(pool, together, nothing),
  };
  const transact: Transact = (work) => current.transact(work);
  const client = createInternalClient({ baseUrl: neighbours.url, token: testInternalToken });
  const payments = createPayments(client);
  const engine = { pool, redis: redis.redis, ttlSeconds: 86_400, lockSeconds: 30, logger, metrics };
  const pace = createPaymentPace();
  const app = await startTestApp(
    createApp({
      pool,
      pace,
      transact,
      transactTogether: (work) => current.transactTogether(work),
      seats: createSeatReservation(client),
      paymentDeadlineSeconds: 300,
      accepting: () => true,
      logger,
      metrics,
      idempotency: createIdempotencyEngine(engine),
      verifyIdentity: createIdentityVerifier(testIdentityPublicKey),
      internalToken: testInternalToken,
    }),
  );
  const book = (
    body: Record<string, unknown>,
    options: { userId: string; key?: string },
  ): ReturnType<typeof app.request> =>
    app.request("POST", "/api/bookings", {
      body: { passengers: [{ name: "Ayesha" }], paymentMethod: "bkash", ...body },
      identity: { userId: options.userId, email: "ayesha@example.com" },
      ...(options.key === undefined ? {} : { headers: { "idempotency-key": options.key } }),
    });
  /** A fresh user with a booking whose payment is pending. */
  const booked = async (seatIds = ["seat-1"]) => {
    const userId = randomUUID();
    const lockId = neighbours.holdSeats({ userId, seatIds });
    const passengers = seatIds.map((_, index) => ({ name: `Passenger ${index + 1}` }));
    const answer = await book({ lockId, passengers }, { userId });
    if (answer.status !== 202) throw new Error(`booking answered ${answer.status}`);
    const bookingId = bookingIdOf(lockId);
    return { userId, lockId, bookingId, paymentId: paymentIdOf(bookingId) };
  };
  const internal = (method: string, path: string, body?: unknown) =>
    app.request(method, path, { headers: internalHeaders, body });
  /** A lock that went into payment for a booking that never came, and that was given up. */
  const abandoned = async (userId: string) => {
    const lockId = neighbours.holdSeats({ userId });
    const bookingId = bookingIdOf(lockId);
    await internal("POST", `/internal/bookings/${bookingId}/resolve`, { lockId });
    return { lockId, bookingId };
  };
  const show = async (bookingId: string, userId: string): Promise<Booking> => {
    const answer = await app.request("GET", `/api/bookings/${bookingId}`, { identity: { userId } });
    return bookingSchema.parse(answer.body);
  };
  const end = (bookingId: string, outcome: PaymentEnd["outcome"]): Promise<boolean> =>
    transact(async (stores) =>
      applyPaymentEnd(stores, await stores.bookings.findForUpdate(bookingId), {
        bookingId,
        paymentId: paymentIdOf(bookingId),
        outcome,
        attempts: 1,
        reason: outcome === "failed" ? "declined" : undefined,
      }),
    );
  const outbox = async (bookingId: string): Promise<{ routingKey: string; content: unknown }[]> => {
    const { rows } = await pool.query<{ routingKey: string; content: unknown }>(
      `SELECT routing_key AS "routingKey", content FROM outbox WHERE aggregate_id = $1 ORDER BY id`,
      [bookingId],
    );
    return rows;
  };
  return {
    ...app,
    pool,
    redis: redis.redis,
    transact,
    current,
    payments,
    pace,
    bookings: createBookingStore(pool),
    sweeps: createSweeps(pool),
    neighbours,
    logger,
    metrics,
    book,
    booked,
    show,
    end,
    outbox,
    internal,
    abandoned,
    /** As if the sweeper's pause had passed. */
    makeDue: (bookingId: string) =>
      pool.query("UPDATE bookings SET sweep_after = now() WHERE booking_id = $1", [bookingId]),
    close: async () => {
      await app.close();
      await neighbours.close();
      await redis.drop();
      await database.drop();
    },
  };
};
export type BookingWorld = Awaited<ReturnType<typeof startBookingWorld>>;
