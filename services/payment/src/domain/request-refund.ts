import { Problem } from "@jatra/common/http/problem.ts";
import type { RefundRequest } from "@jatra/contracts/http/payment.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Refund } from "./refund.ts";

/**
 * Records the one refund of a booking; a repeat with the same figures answers the same refund. Throws `not_found` for a payment
 * that isn't the booking's, `refund_not_possible` where less was captured, `conflict` for other figures or
 * another refund of the booking.
 */
export const requestRefund = async (
  { refunds, payments }: Pick<Dependencies, "refunds" | "payments">,
  refundId: string,
  request: RefundRequest,
  requestId: string,
): Promise<Refund> => {
  await refunds.insert(refundId, request, requestId);
  const refund = await refunds.find(refundId);
  if (refund && isSameRefund(refund, request)) return refund;
  if (refund) {
    throw new Problem("conflict", { detail: "This refund was recorded with other figures." });
  }
  const payment = await payments.find(request.paymentId);
  if (!payment || payment.bookingId !== request.bookingId) throw new Problem("not_found");
  if (await refunds.findByBooking(request.bookingId)) {
    throw new Problem("conflict", { detail: "The booking has another refund." });
  }
  throw new Problem("refund_not_possible", { extra: { state: payment.state } });
};

const isSameRefund = (refund: Refund, request: RefundRequest): boolean =>
  refund.paymentId === request.paymentId &&
  refund.bookingId === request.bookingId &&
  refund.amount === request.amount &&
  refund.currency === request.currency;
