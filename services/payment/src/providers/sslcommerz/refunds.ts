import type { RefundAnswer, RefundRequestAtProvider } from "../../domain/payment-provider.ts";
import type { AskValidator } from "./ask-validator.ts";
import { toDecimal } from "./decimal-amount.ts";
import { toReference } from "./reference.ts";
import { refundAnswerSchema } from "./sslcommerz-answers.ts";

const file = "merchantTransIDvalidationAPI.php";

/**
 * Begins a refund under `refund_trans_id`, which SSLCommerz keeps unique, and asks for its state from then on: `success` only means
 * that the request was taken.
 */
export const createRefunds =
  (ask: AskValidator) =>
  async (request: RefundRequestAtProvider): Promise<RefundAnswer> => {
    if (request.providerReference !== undefined) return query(ask, request.providerReference);
    const begun = await begin(ask, request);
    return begun.kind === "pending" ? query(ask, begun.providerReference) : begun;
  };

const begin = async (
  ask: AskValidator,
  request: RefundRequestAtProvider,
): Promise<RefundAnswer> => {
  const fields = {
    bank_tran_id: request.chargeReference,
    refund_trans_id: toReference(request.refundId),
    refund_amount: toDecimal(request.amount),
    refund_remarks: "Booking cancelled",
    refe_id: toReference(request.paymentId),
  };
  const answer = await ask(file, fields, refundAnswerSchema);
  if (answer?.APIConnect !== "DONE") return { kind: "unknown", cause: "no_answer" };
  if (answer.refund_ref_id !== undefined && answer.status !== "failed") {
    return { kind: "pending", providerReference: answer.refund_ref_id };
  }
  return answer.status === "failed"
    ? { kind: "failed", reason: answer.errorReason ?? "refused" }
    : { kind: "unknown", cause: answer.status };
};

const query = async (ask: AskValidator, providerReference: string): Promise<RefundAnswer> => {
  const answer = await ask(file, { refund_ref_id: providerReference }, refundAnswerSchema);
  if (answer?.status === "refunded") return { kind: "done", providerReference };
  if (answer?.status === "cancelled") {
    return { kind: "failed", reason: answer.errorReason || "cancelled" };
  }
  return { kind: "pending", providerReference };
};
