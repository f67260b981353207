import { z } from "zod";
import type { Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { withAdmin } from "./admin-session.ts";

const answer = z.object({ bookingId: z.string(), status: z.string(), requeued: z.boolean() });

/** Delivers the payment of a stuck booking once more; one that has ended is left as it is. */
export async function runRequeue(session: Session, operands: readonly string[]): Promise<number> {
  const bookingId = z.uuid().safeParse(operands[0]);
  if (!bookingId.success)
    throw new UsageError("Say requeue BOOKING_ID; ids of bookings are UUIDs.");
  const path = `/api/admin/bookings/${bookingId.data}/requeue`;
  const done = await withAdmin(session, async (call) => answer.parse(await call("POST", path)));
  if (session.options.isJson) session.printJson(done);
  else {
    session.print([
      done.requeued
        ? `The payment of ${done.bookingId} (${done.status}) is delivered once more.`
        : `Nothing to do: ${done.bookingId} is ${done.status}, its payment has ended.`,
    ]);
  }
  return 0;
}
