import {
  closePayment,
  getPaymentStanding,
  PAYMENTS_LISTED_MAX,
  paymentRecordSchema,
  paymentStandingSchema,
  putPayment,
  putPayments,
  putRefund,
  refundStateSchema,
  type ListedPayment,
} from "@jatra/contracts/http/payment.ts";
import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import { createBatches } from "@jatra/common/service/create-batches.ts";
import { z } from "zod";
import type { Payments } from "../domain/neighbours.ts";
import { refusalOf } from "./refusal.ts";

const recordedSchema = z.object({ paymentId: z.string() });
const refundAnswerSchema = z.object({ state: refundStateSchema });

const recordsSchema = z.object({ payments: z.array(paymentRecordSchema) });

/** Calls at a time: what a statement has begun goes together, and the next one's needn't wait for its answer. */
const PUTS = { itemsMax: PAYMENTS_LISTED_MAX, runningMax: 4 } as const;

export const createPayments = (client: InternalClient): Payments => {
  const put = createBatches((payments: readonly ListedPayment[]) => putAll(client, payments), PUTS);
  return {
    ...createOthers(client),
    put: (paymentId, intent, requestId) => put({ ...intent, paymentId, requestId }),
  };
};

/** Whether each was recorded. An error is everybody's: nobody knows which of them were. */
const putAll = async (
  client: InternalClient,
  payments: readonly ListedPayment[],
): Promise<readonly boolean[]> => {
  const [first, ...others] = payments;
  if (first && others.length === 0) return [await putOne(client, first)];
  const answer = await client.call({
    method: "PUT",
    path: putPayments.path,
    body: { payments },
    response: recordsSchema,
  });
  if (!answer.ok) throw refusalOf(answer, putPayments);
  return answer.body.payments.map(({ outcome }) => outcome === "recorded");
};

const putOne = async (
  client: InternalClient,
  { paymentId, requestId, ...intent }: ListedPayment,
): Promise<boolean> => {
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
};

const createOthers = (client: InternalClient): Omit<Payments, "put"> => ({
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
