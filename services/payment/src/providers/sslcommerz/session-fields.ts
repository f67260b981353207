import type { ChargeRequest } from "../../domain/payment-provider.ts";
import { toDecimal } from "./decimal-amount.ts";
import { toReference } from "./reference.ts";

export type StoreLogin = { readonly storeId: string; readonly storePassword: string };

/** `<store id>:<store password>`; a key without a colon is the password of the store `jatra`. */
export const storeLoginOf = (login: string): StoreLogin => {
  const colon = login.indexOf(":");
  return colon === -1
    ? { storeId: "jatra", storePassword: login }
    : { storeId: login.slice(0, colon), storePassword: login.slice(colon + 1) };
};

export const loginFields = ({ storeId, storePassword }: StoreLogin): Record<string, string> => ({
  store_id: storeId,
  store_passwd: storePassword,
  format: "json",
});

/** Which page SSLCommerz opens with; all of them stay available to the payer. */
const pages: Readonly<Record<string, string>> = {
  card: "visacard,mastercard,amexcard",
  bkash: "mobilebank",
  nagad: "mobilebank",
  rocket: "mobilebank",
};

/**
 * The form that opens a session. SSLCommerz insists on a customer; who travels is none of its business, so it gets the
 * platform's name and an address that can't exist instead of a passenger's.
 */
export const sessionFields = (
  request: ChargeRequest,
  login: StoreLogin,
  publicUrl: string,
): Record<string, string> => {
  const returnUrl = new URL("/api/payments/return", publicUrl).href;
  return {
    ...loginFields(login),
    total_amount: toDecimal(request.amount),
    currency: request.currency,
    tran_id: toReference(request.paymentId),
    success_url: returnUrl,
    fail_url: returnUrl,
    cancel_url: returnUrl,
    ipn_url: new URL("/api/payments/webhooks/sslcommerz", publicUrl).href,
    multi_card_name: pages[request.method] ?? "",
    product_name: "Train tickets",
    product_category: "travel",
    product_profile: "non-physical-goods",
    shipping_method: "NO",
    num_of_item: "1",
    emi_option: "0",
    cus_name: "Jatra passenger",
    cus_email: "passenger@jatra.invalid",
    cus_add1: "Dhaka",
    cus_city: "Dhaka",
    cus_postcode: "1000",
    cus_country: "Bangladesh",
    cus_phone: "01700000000",
  };
};
