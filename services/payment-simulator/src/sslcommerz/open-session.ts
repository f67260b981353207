import { randomBytes } from "node:crypto";
import type { NewSession } from "../data/create-session-store.ts";
import { fromDecimal } from "./decimal-amount.ts";

type Fields = Readonly<Record<string, string | undefined>>;

/** What SSLCommerz v4 wants of every merchant, beside the store's login. */
const mandatory = [
  "total_amount",
  "currency",
  "tran_id",
  "success_url",
  "fail_url",
  "cancel_url",
  "product_name",
  "product_category",
  "product_profile",
  "shipping_method",
  "cus_name",
  "cus_email",
  "cus_add1",
  "cus_city",
  "cus_country",
  "cus_phone",
] as const;

/** Limits of SSLCommerz: 10.00 to 500,000.00 BDT, and 30 characters of tran_id. */
const AMOUNT = { min: 1_000, max: 50_000_000 } as const;
const TRAN_ID_LENGTH_MAX = 30;

/** The session that a merchant's form asks for, or why it gets none. Pure but for the key's chance. */
export const sessionOf = (
  fields: Fields,
): { readonly session: NewSession } | { readonly failedReason: string } => {
  const missing = mandatory.filter((name) => (fields[name] ?? "").trim() === "");
  if (missing.length > 0) return { failedReason: `Missing: ${missing.join(", ")}` };
  const totalAmount = fromDecimal(fields["total_amount"]);
  if (totalAmount === undefined || totalAmount < AMOUNT.min || totalAmount > AMOUNT.max) {
    return { failedReason: "total_amount is not within 10.00 and 500000.00" };
  }
  if (fields["currency"] !== "BDT") return { failedReason: "currency is not supported" };
  const tranId = fields["tran_id"] ?? "";
  if (tranId.length > TRAN_ID_LENGTH_MAX) return { failedReason: "tran_id is too long" };
  return {
    session: {
      sessionKey: randomBytes(16).toString("hex").toUpperCase(),
      tranId,
      totalAmount,
      currency: "BDT",
      successUrl: fields["success_url"] ?? "",
      failUrl: fields["fail_url"] ?? "",
      cancelUrl: fields["cancel_url"] ?? "",
      ipnUrl: fields["ipn_url"] ?? "",
      valueA: fields["value_a"] ?? "",
    },
  };
};
