import type { Logger } from "@jatra/common/logging/logger.ts";
import { applyRefundEnd } from "./apply-refund-end.ts";
import type { RefundRecord } from "./booking-record.ts";
import type { Payments } from "./neighbours.ts";
import type { Transact } from "./stores.ts";
import { sweepAll, type Sweeps } from "./sweeps.ts";

type Dependencies = {
  readonly sweeps: Sweeps;
  readonly payments: Payments;
  readonly transact: Transact;
  readonly logger: Logger;
};

/**
 * Sends requested refunds to payment-service, and asks again for those of which nothing was heard: the PUT answers how far
 * it is. A refusal for good ends as FAILED, whose metric alerts. Answers how many refunds moved on.
 */
export const sweepRefunds = (dependencies: Dependencies): Promise<number> =>
  sweepAll(
    dependencies.sweeps.takeOpenRefunds,
    (refund) => driveOn(refund, dependencies),
    ({ refundId, bookingId }, error) =>
      dependencies.logger.warn(
        { err: error, refundId, bookingId },
        "Payment refund not sent, again later",
      ),
  );

const driveOn = async (
  { refundId, bookingId, paymentId, amount, currency, status }: RefundRecord,
  { payments, transact, logger }: Dependencies,
): Promise<boolean> => {
  // The refund's own id follows it through the logs of both services.
  const body = { paymentId, bookingId, amount, currency };
  const state = await payments.putRefund(refundId, body, refundId);
  if (state === "REQUESTED" || state === "SENT") {
    if (status === "SENT") return false;
    await transact((stores) => stores.refunds.markSent(refundId));
    return true;
  }
  const outcome = state === "DONE" ? "DONE" : "FAILED";
  const reason = state === undefined ? "refused" : undefined;
  if (outcome === "FAILED") logger.error({ refundId, bookingId, reason }, "Payment refund failed");
  return transact(async (stores) => {
    const booking = await stores.bookings.findForUpdate(bookingId);
    return applyRefundEnd(stores, booking, { refundId, bookingId, outcome, reason });
  });
};
