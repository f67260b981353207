import {
  paidLockSchema,
  payLock,
  readLockForBooking,
} from "@jatra/contracts/http/seat-reservation.ts";
import type { Operation } from "@jatra/contracts/operation.ts";
import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import type { LockClaim, SeatReservation } from "../domain/neighbours.ts";
import { refusalOf } from "./refusal.ts";

/** seat-reservation decides who owns a lock; we hand on the user and the hash of the guest's token. */
export const createSeatReservation = (client: InternalClient): SeatReservation => {
  const ask = async (
    operation: Pick<Operation, "operationId" | "path" | "problems">,
    { lockId, bookingId, userId, lockTokenHash }: LockClaim,
    requestId: string,
  ) => {
    const answer = await client.call({
      method: "POST",
      path: operation.path.replace(":lockId", lockId),
      body: { bookingId, userId, lockTokenHash },
      requestId,
      response: paidLockSchema,
    });
    if (!answer.ok) throw refusalOf(answer, operation);
    return answer.body;
  };
  return {
    readLock: (claim, requestId) => ask(readLockForBooking, claim, requestId),
    payLock: (claim, requestId) => ask(payLock, claim, requestId),
  };
};
