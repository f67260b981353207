import type { z } from "zod";
import type { bookingRefundSchema } from "@jatra/contracts/http/booking.ts";
import type { RefundRecord } from "./booking-record.ts";

export const shownRefund = ({
  refundId,
  status,
  amount,
  currency,
}: RefundRecord): z.infer<typeof bookingRefundSchema> => ({ refundId, status, amount, currency });
