import { bind, type Route } from "@jatra/common/http/bind.ts";
import { ok } from "@jatra/common/http/reply.ts";
import {
  getClaims,
  payLock,
  readLockForBooking,
  type PayLockBody,
} from "@jatra/contracts/http/seat-reservation.ts";
import { readClaims } from "../data/claim-store.ts";
import { toPaidLock } from "../domain/lock-record.ts";
import type { Payer } from "../domain/lock-store.ts";
import { payLock as pay, readForBooking } from "../domain/pay-lock.ts";
import type { RouteDependencies } from "./dependencies.ts";

/** For booking and search, inside the cluster. */
export const internalRoutes = (dependencies: RouteDependencies): Route[] => [
  bind(payLock, async ({ params, body }) =>
    ok(toPaidLock(await pay(dependencies, { lockId: params.lockId, payer: payerOf(body) }))),
  ),
  bind(readLockForBooking, async ({ params, body }) => {
    const request = { lockId: params.lockId, payer: payerOf(body) };
    return ok(toPaidLock(await readForBooking(dependencies, request)));
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
