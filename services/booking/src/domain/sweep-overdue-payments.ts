import type { Logger } from "@jatra/common/logging/logger.ts";
import type { Payments } from "./neighbours.ts";
import { settlePayment } from "./settle-payment.ts";
import type { Transact } from "./stores.ts";
import { sweepAll, type Sweeps } from "./sweeps.ts";

/**
 * Ends payments whose time is up, or whose booking was cancelled meanwhile: payment-service stops what it hasn't sent and
 * asks the provider about the rest. A booking fails only on payment-service's own word, so while it doesn't know, the
 * seats stay. Answers how many bookings ended.
 */
export const sweepOverduePayments = (dependencies: {
  readonly sweeps: Sweeps;
  readonly payments: Payments;
  readonly transact: Transact;
  readonly logger: Logger;
}): Promise<number> => {
  const { sweeps, payments, transact, logger } = dependencies;
  return sweepAll(
    sweeps.takeOverdue,
    async (booking) => {
      const standing = await payments.close(booking.paymentId, booking.requestId);
      return settlePayment(booking, standing, transact);
    },
    ({ bookingId, requestId }, error) =>
      logger.warn({ err: error, bookingId, requestId }, "Payment could not be closed, again later"),
  );
};
