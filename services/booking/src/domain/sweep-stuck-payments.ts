import type { Logger } from "@jatra/common/logging/logger.ts";
import type { BookingRecord } from "./booking-record.ts";
import type { Payments } from "./neighbours.ts";
import { paymentIntentOf, paymentMessageOf } from "./payment-message.ts";
import { settlePayment } from "./settle-payment.ts";
import type { Transact } from "./stores.ts";
import { sweepAll, type Sweeps } from "./sweeps.ts";

type Dependencies = {
  readonly sweeps: Sweeps;
  readonly payments: Payments;
  readonly transact: Transact;
  readonly logger: Logger;
};

/**
 * Drives on what lost its message: a queue that was deleted, an event that never came. By the booking's age, not by the
 * outbox: a confirmed message can be lost too. Repeats are harmless. Answers how many were driven on.
 */
export const sweepStuckPayments = (dependencies: Dependencies): Promise<number> =>
  sweepAll(
    dependencies.sweeps.takeStuck,
    (booking) =>
      booking.status === "PAYMENT_PENDING"
        ? publishAgain(booking, dependencies)
        : askAgain(booking, dependencies),
    ({ bookingId, requestId }, error) =>
      dependencies.logger.warn({ err: error, bookingId, requestId }, "Payment is still stuck"),
  );

const publishAgain = async (
  booking: BookingRecord,
  { transact }: Dependencies,
): Promise<boolean> => {
  await transact((stores) => stores.publishPayment(paymentMessageOf(booking), booking.requestId));
  return true;
};

const askAgain = async (
  booking: BookingRecord,
  { payments, transact }: Dependencies,
): Promise<boolean> => {
  const { paymentId, requestId } = booking;
  const standing = await payments.standing(paymentId, requestId);
  if (standing) return settlePayment(booking, standing, transact);
  return payments.put(paymentId, paymentIntentOf(booking), requestId);
};
