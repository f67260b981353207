import type { Session } from "../data/create-session-store.ts";
import { toDecimal } from "./decimal-amount.ts";

/** A transaction as SSLCommerz tells of it in IPNs, validations and queries; all values are text. */
export const transactionFields = (session: Session): Record<string, string> => ({
  status: session.status,
  tran_date: dateOf(session.tranDate),
  tran_id: session.tranId,
  val_id: session.valId ?? "",
  amount: toDecimal(session.totalAmount),
  // The bank's share, 2.5 %, stays with the bank.
  store_amount: toDecimal(Math.floor(session.totalAmount * 0.975)),
  currency: session.currency,
  currency_type: session.currency,
  currency_amount: toDecimal(session.totalAmount),
  currency_rate: "1.0000",
  bank_tran_id: session.bankTranId ?? "",
  card_type: "BKASH-BKash",
  card_brand: "MOBILEBANKING",
  card_issuer: "Simulated Bank",
  risk_level: "0",
  risk_title: "Safe",
  value_a: session.valueA,
});

/** `2026-11-22 15:53:49`, in Dhaka (UTC+6), as SSLCommerz writes dates. */
const dateOf = (date: Date | undefined): string =>
  date === undefined
    ? ""
    : new Date(date.getTime() + 6 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
