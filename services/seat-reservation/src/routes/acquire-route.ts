import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { created, type Reply } from "@jatra/common/http/reply.ts";
import type { IdempotentRun } from "@jatra/common/idempotency/idempotent-run.ts";
import { acquireLock } from "@jatra/contracts/http/seat-reservation.ts";
import { claimSeatsIn, type Complete } from "../data/claim-seats.ts";
import { acquireLock as acquire, type AcquiredLock } from "../domain/acquire-lock.ts";
import type { RouteDependencies } from "./dependencies.ts";

/** `POST /api/seats/locks/acquire`. */
export const acquireRoute = (dependencies: RouteDependencies): Route =>
  bind(acquireLock, async ({ body, identity, idempotency }) => {
    const { pool, holdBatches, journeys, markers, metrics, settings } = dependencies;
    if (!identity) refuseGuest(settings.guestHolds, idempotency);
    const lock = await acquire(
      {
        journeys,
        markers,
        metrics,
        limits: settings,
        claimSeats: claimSeatsIn(pool, holdBatches, completionOf(idempotency)),
      },
      {
        journeyId: body.journeyId,
        seatIds: body.seatIds,
        from: body.from,
        to: body.to,
        ttlSeconds: body.ttlSeconds,
        // Never the body's `userId`: anybody could write any name there.
        userId: identity?.userId ?? null,
      },
    );
    return replyOf(lock);
  });

/**
 * All guests share one name, so an answer kept under a guest's key would hand the lock token to whoever guesses the key; and
 * a guest's token is to be kept as a hash only.
 */
const refuseGuest = (guestHolds: boolean, idempotency: IdempotentRun | undefined): void => {
  const headers = { "WWW-Authenticate": "Bearer" };
  if (!guestHolds) throw new Problem("unauthorized", { headers });
  if (!idempotency) return;
  throw new Problem("unauthorized", {
    headers,
    detail: "An Idempotency-Key needs a bearer token here.",
  });
};

const completionOf = (idempotency: IdempotentRun | undefined): Complete | undefined =>
  idempotency && (async (transaction, lock) => idempotency.complete(transaction, replyOf(lock)));

const replyOf = (lock: AcquiredLock): Reply => created(`/api/seats/locks/${lock.lockId}`, lock);
