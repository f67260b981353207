import { randomUUID } from "node:crypto";
import {
  closePayment,
  getPaymentStanding,
  putPayment,
  putPayments,
  putRefund,
  type PaymentState,
  type RefundState,
} from "@jatra/contracts/http/payment.ts";
import { payLock, type PaidLock } from "@jatra/contracts/http/seat-reservation.ts";
import type { Quote } from "@jatra/contracts/quote.ts";
import { createApp } from "@jatra/common/http/create-app.ts";
import { bind } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { ok } from "@jatra/common/http/reply.ts";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp } from "@jatra/testing/test-app.ts";
import { testIdentityPublicKey, testInternalToken } from "@jatra/testing/test-identity.ts";

type FakeLock = PaidLock & {
  owner: { userId?: string; lockTokenHash?: string };
  status: "HELD" | "PAYING" | "SOLD" | "RELEASED" | "EXPIRED";
  bookingId?: string;
};
type FakePayment = { state: PaymentState; intent?: unknown; puts: number; closes: number };
type FakeRefund = { state: RefundState; body: unknown; puts: number };

/** Poisha a seat, of every class: the tests compute with it. */
export const SEAT_PRICE = 50_000;
const FAR_AWAY = "2099-01-01T06:00:00.000Z";

/**
 * seat-reservation and payment on one loopback port, by their contracts, with their state in maps that tests read
 * and steer. `failing`: operations that answer 503.
 */
export const startFakeNeighbours = async () => {
  const locks = new Map<string, FakeLock>();
  const payments = new Map<string, FakePayment>();
  const refunds = new Map<string, FakeRefund>();
  const failing = new Set<string>();
  /** How often an operation was called. */
  const calls = { putPayments: 0 };
  const settings = { departsAt: FAR_AWAY, seatPrice: SEAT_PRICE };
  /** Runs between «lock in payment» and its answer: the place where a booking-service pod dies. */
  const hooks: { afterPay?: (() => Promise<void>) | undefined } = {};

  const orFail = (operationId: string): void => {
    if (failing.has(operationId)) throw new Problem("dependency_unavailable");
  };
  const lockFor = (
    lockId: string,
    claim: { userId: string; lockTokenHash?: string | undefined; bookingId: string },
  ): FakeLock => {
    const lock = locks.get(lockId);
    const owned =
      lock?.owner.userId === undefined
        ? lock?.owner.lockTokenHash === claim.lockTokenHash
        : lock.owner.userId === claim.userId;
    if (!lock || !owned) throw new Problem("not_found");
    if (lock.status === "EXPIRED" || lock.status === "RELEASED") throw new Problem("lock_expired");
    const taken = lock.status === "SOLD" || lock.status === "PAYING";
    if (taken && lock.bookingId !== claim.bookingId) throw new Problem("lock_in_payment");
    return lock;
  };
  const paymentOf = (paymentId: string): FakePayment => {
    const known = payments.get(paymentId);
    if (known) return known;
    const made: FakePayment = { state: "PENDING", puts: 0, closes: 0 };
    payments.set(paymentId, made);
    return made;
  };
  const standing = (paymentId: string, { state }: FakePayment) =>
    ok({ paymentId, state, attempts: 1, ...(state === "FAILED" ? { reason: "closed" } : {}) });
  const view = ({ owner: _owner, status: _status, bookingId: _id, ...lock }: FakeLock): PaidLock =>
    lock;

  const record = (paymentId: string, intent: unknown): boolean => {
    const payment = paymentOf(paymentId);
    payment.puts += 1;
    if (payment.state === "FAILED") return false;
    payment.intent ??= intent;
    return true;
  };
  const quoteOf = ({ journeyId, seatIds }: FakeLock): Quote => {
    if (journeyId === "departed") throw new Problem("journey_departed");
    const { departsAt, seatPrice: amount } = settings;
    const seat = { coach: "KA", class: "SNIGDHA", amount } as const;
    return {
      currency: "BDT",
      fareVersionId: "fares-1",
      total: amount * seatIds.length,
      seats: seatIds.map((seatId) => ({ seatId, ...seat })),
      train: { number: "701", name: "Subarna Express" },
      from: { code: "DHK", name: "Dhaka", at: departsAt },
      to: { code: "CTG", name: "Chattogram", at: "2099-01-01T11:00:00.000Z" },
      departsAt,
    };
  };

  const routes = [
    bind(payLock, async ({ params, body }) => {
      orFail("payLock");
      const lock = lockFor(params.lockId, body);
      const { length: seats } = lock.seatIds;
      if (seats !== body.passengers) throw new Problem("passengers_mismatch", { extra: { seats } });
      const quote = quoteOf(lock);
      const { total: amount, currency } = quote;
      if (body.expectedAmount !== undefined && body.expectedAmount !== amount) {
        throw new Problem("price_changed", { extra: { amount, currency } });
      }
      lock.status = "PAYING";
      lock.bookingId = body.bookingId;
      await hooks.afterPay?.();
      return ok({ lock: view(lock), quote });
    }),
    bind(putPayment, async ({ params, body }) => {
      orFail("putPayment");
      if (!record(params.paymentId, body)) throw new Problem("payment_not_open");
      return { status: 202, body: { paymentId: params.paymentId, bookingId: body.bookingId } };
    }),
    bind(putPayments, async ({ body }) => {
      orFail("putPayments");
      calls.putPayments += 1;
      const payments = body.payments.map(({ paymentId, ...intent }) => {
        const outcome = record(paymentId, intent) ? "recorded" : "payment_not_open";
        return { paymentId, outcome };
      });
      return { status: 202, body: { payments } };
    }),
    bind(getPaymentStanding, async ({ params }) => {
      const payment = payments.get(params.paymentId);
      if (!payment) throw new Problem("not_found");
      return standing(params.paymentId, payment);
    }),
    bind(closePayment, async ({ params }) => {
      orFail("closePayment");
      const known = payments.get(params.paymentId);
      const payment = paymentOf(params.paymentId);
      payment.closes += 1;
      if (!known) payment.state = "FAILED";
      return standing(params.paymentId, payment);
    }),
    bind(putRefund, async ({ params, body }) => {
      orFail("putRefund");
      const refund = refunds.get(params.refundId) ?? { state: "SENT" as const, body, puts: 0 };
      refunds.set(params.refundId, { ...refund, puts: refund.puts + 1 });
      return { status: 202, body: { refundId: params.refundId, state: refund.state } };
    }),
  ];
  const app = await startTestApp(
    createApp({
      routes,
      logger: silentLogger,
      metrics: createMetrics("neighbours"),
      health: { checks: {}, accepting: () => true },
      verifyIdentity: createIdentityVerifier(testIdentityPublicKey),
      internalToken: testInternalToken,
    }),
  );
  const holdSeats = (options: {
    userId?: string;
    lockTokenHash?: string;
    seatIds?: string[];
    journeyId?: string;
  }): string => {
    const { userId, lockTokenHash, seatIds = ["seat-1"], journeyId = "test-journey" } = options;
    const lockId = randomUUID();
    locks.set(lockId, {
      lockId,
      journeyId,
      fromSeq: 0,
      toSeq: 3,
      from: "DHK",
      to: "CTG",
      seatIds,
      expiresAt: FAR_AWAY,
      owner: {
        ...(userId === undefined ? {} : { userId }),
        ...(lockTokenHash === undefined ? {} : { lockTokenHash }),
      },
      status: "HELD",
    });
    return lockId;
  };
  return {
    url: app.url,
    close: app.close,
    locks,
    payments,
    refunds,
    failing,
    calls,
    settings,
    hooks,
    holdSeats,
  };
};
export type FakeNeighbours = Awaited<ReturnType<typeof startFakeNeighbours>>;
