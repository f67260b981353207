import { randomBytes } from "node:crypto";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { createLedger } from "../data/create-ledger.ts";
import { addNotification } from "../data/create-notification-store.ts";
import { decideSession, type Session } from "../data/create-session-store.ts";
import { signFields } from "./sign-fields.ts";
import type { StoreLogin } from "./store-login.ts";
import { transactionFields } from "./transaction-fields.ts";

export const decisions = {
  approve: "VALID",
  decline: "FAILED",
  cancel: "CANCELLED",
} as const;
export type Decision = keyof typeof decisions;

/**
 * What the payer chose, in one transaction: the session's status, the line in the books (nothing moves on a cancel) and the IPN to the
 * merchant. `undefined` if the session was decided before.
 */
export const decide = async (
  tx: Queryable,
  sessionKey: string,
  decision: Decision,
  login: StoreLogin,
): Promise<Session | undefined> => {
  const session = await decideSession(tx, sessionKey, {
    status: decisions[decision],
    valId: decision === "approve" ? `${Date.now()}${randomBytes(8).toString("hex")}` : undefined,
    bankTranId: `${Date.now()}${randomBytes(10).toString("hex")}`,
  });
  if (!session?.bankTranId) return undefined;
  if (decision !== "cancel") {
    await createLedger(tx).addCharge({
      id: session.bankTranId,
      idempotencyKey: undefined,
      fingerprint: session.sessionKey,
      reference: session.tranId,
      amount: session.totalAmount,
      currency: session.currency,
      status: decision === "approve" ? "captured" : "declined",
      webhooksAfterMs: [],
    });
  }
  const fields = { ...transactionFields(session), store_id: login.storeId };
  if (session.ipnUrl !== "") {
    await addNotification(tx, session.ipnUrl, signFields(fields, login.storePassword));
  }
  return session;
};
