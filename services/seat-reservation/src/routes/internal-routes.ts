import { bind, type Route } from "@jatra/common/http/bind.ts";
import { ok } from "@jatra/common/http/reply.ts";
import { getClaims, payLock, type PayLockBody } from "@jatra/contracts/http/seat-reservation.ts";
import { readClaims } from "../data/claim-store.ts";
import { toPaidLock } from "../domain/lock-record.ts";
import type { Payer } from "../domain/lock-store.ts";
import { priceAndPay } from "../domain/price-and-pay.ts";
import type { RouteDependencies } from "./dependencies.ts";

/** For booking and search, inside the cluster. */
export const internalRoutes = (dependencies: RouteDependencies): Route[] => [
  bind(payLock, async ({ params, body }) => {
    const { passengers, expectedAmount } = body;
    const request = { lockId: params.lockId, payer: payerOf(body), passengers, expectedAmount };
    const { lock, quote } = await priceAndPay(dependencies, request);
    return ok({ lock: toPaidLock(lock), quote });
  }),
  bind(getClaims, async ({ params }) => {
    const [claims] = await readClaims(dependencies.pool, [params.journeyId]);
    return ok(claims);
  }),
];

const payerOf = ({ bookingId, userId, lockTokenHash }: PayLockBody): Payer => ({
  bookingId,
  userId,
  tokenHash: lockTokenHash === undefined ? undefined : Buffer.from(lockTokenHash, "hex"),
});
