import type { Queryable } from "@jatra/common/database/queryable.ts";
import { randomUUID } from "node:crypto";
import { addRefund, type Ledger } from "../data/create-ledger.ts";
import type { SessionStore } from "../data/create-session-store.ts";
import { fromDecimal } from "./decimal-amount.ts";
import { transactionFields } from "./transaction-fields.ts";

type Fields = Readonly<Record<string, string | undefined>>;

export type MerchantApiNeeds = {
  readonly sessions: SessionStore;
  readonly ledger: Ledger;
  readonly transact: <T>(work: (tx: Queryable) => Promise<T>) => Promise<T>;
};

/** The one address of SSLCommerz that does three things, told apart by which fields come. */
export const callMerchantApi = async (
  needs: MerchantApiNeeds,
  fields: Fields,
): Promise<Record<string, unknown>> => {
  if (fields["refund_ref_id"] !== undefined) return queryRefund(needs, fields["refund_ref_id"]);
  if (fields["bank_tran_id"] !== undefined) return refund(needs, fields["bank_tran_id"], fields);
  if (fields["tran_id"] !== undefined) return queryTransaction(needs, fields["tran_id"]);
  return { APIConnect: "INVALID_REQUEST" };
};

const queryTransaction = async ({ sessions }: MerchantApiNeeds, tranId: string) => {
  const found = await sessions.findByTranId(tranId);
  const element = found.map((session) => ({
    ...transactionFields(session),
    // A validated transaction shows as such, and a cancelled one as failed.
    status: statusInQuery(session.status, session.validated),
  }));
  return { APIConnect: "DONE", no_of_trans_found: element.length, element };
};

const statusInQuery = (status: string, validated: boolean): string => {
  if (status === "CANCELLED") return "FAILED";
  return status === "VALID" && validated ? "VALIDATED" : status;
};

const refund = async (needs: MerchantApiNeeds, bankTranId: string, fields: Fields) => {
  const amount = fromDecimal(fields["refund_amount"]);
  const refundTransId = fields["refund_trans_id"];
  const session = await needs.sessions.findByBankTranId(bankTranId);
  const base = { APIConnect: "DONE", bank_tran_id: bankTranId };
  if (amount === undefined || !refundTransId || !fields["refund_remarks"] || !session) {
    return { ...base, status: "failed", errorReason: "Not a refund of a known transaction" };
  }
  const added = await needs.transact((tx) =>
    addRefund(tx, {
      id: randomUUID().replaceAll("-", ""),
      // A repeat under the same refund_trans_id is the same refund.
      idempotencyKey: refundTransId,
      fingerprint: `${bankTranId} ${amount}`,
      reference: refundTransId,
      chargeReference: session.tranId,
      amount,
      currency: session.currency,
    }),
  );
  if (added?.entry.status !== "done") {
    return { ...base, trans_id: session.tranId, status: "failed", errorReason: "Refund refused" };
  }
  const reference = { trans_id: session.tranId, refund_ref_id: added.entry.id };
  return { ...base, ...reference, status: "success", errorReason: "" };
};

const queryRefund = async ({ ledger }: MerchantApiNeeds, refundRefId: string) => {
  const entry = await ledger.findById(refundRefId);
  if (entry?.kind !== "refund") {
    return { APIConnect: "DONE", status: "", errorReason: "No such refund" };
  }
  return {
    APIConnect: "DONE",
    tran_id: entry.chargeReference,
    refund_ref_id: entry.id,
    initiated_on: entry.at,
    refunded_on: entry.at,
    status: entry.status === "done" ? "refunded" : "cancelled",
    errorReason: "",
  };
};
