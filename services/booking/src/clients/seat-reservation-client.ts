import { payLock, pricedLockSchema } from "@jatra/contracts/http/seat-reservation.ts";
import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import type { SeatReservation } from "../domain/neighbours.ts";
import { refusalOf } from "./refusal.ts";

/** seat-reservation decides who owns a lock; we hand on the user and the hash of the guest's token. */
export const createSeatReservation = (client: InternalClient): SeatReservation => ({
  payLock: async ({ lockId, ...body }, requestId) => {
    const answer = await client.call({
      method: "POST",
      path: payLock.path.replace(":lockId", lockId),
      body,
      requestId,
      response: pricedLockSchema,
    });
    if (!answer.ok) throw refusalOf(answer, payLock);
    return answer.body;
  },
});
