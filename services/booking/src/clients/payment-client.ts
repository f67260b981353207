import {
  closePayment,
  getPaymentStanding,
  paymentStandingSchema,
  putPayment,
  putRefund,
  refundStateSchema,
} from "@jatra/contracts/http/payment.ts";
import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import { z } from "zod";
import type { Payments } from "../domain/neighbours.ts";
import { refusalOf } from "./refusal.ts";

const recordedSchema = z.object({ paymentId: z.string() });
const refundAnswerSchema = z.object({ state: refundStateSchema });

export const createPayments = (client: InternalClient): Payments => ({
  put: async (paymentId, intent, requestId) => {
    const answer = await client.call({
      method: "PUT",
      path: putPayment.path.replace(":paymentId", paymentId),
      body: intent,
      requestId,
      response: recordedSchema,
    });
    if (answer.ok) return true;
    if (answer.code === "payment_not_open" || answer.code === "conflict") return false;
    throw refusalOf(answer, putPayment);
  },
  standing: async (paymentId, requestId) => {
    const answer = await client.call({
      method: "GET",
      path: getPaymentStanding.path.replace(":paymentId", paymentId),
      requestId,
      response: paymentStandingSchema,
    });
    if (answer.ok) return answer.body;
    if (answer.code === "not_found") return undefined;
    throw refusalOf(answer, getPaymentStanding);
  },
  close: async (paymentId, requestId) => {
    const answer = await client.call({
      method: "POST",
      path: closePayment.path.replace(":paymentId", paymentId),
      requestId,
      response: paymentStandingSchema,
    });
    if (!answer.ok) throw refusalOf(answer, closePayment);
    return answer.body;
  },
  putRefund: async (refundId, refund, requestId) => {
    const answer = await client.call({
      method: "PUT",
      path: putRefund.path.replace(":refundId", refundId),
      body: refund,
      requestId,
      response: refundAnswerSchema,
    });
    if (answer.ok) return answer.body.state;
    if (putRefund.problems.some((code) => code === answer.code)) return undefined;
    throw refusalOf(answer, putRefund);
  },
});
