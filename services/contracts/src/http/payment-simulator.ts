import { z } from "zod";
import { paymentDetailsSchema, paymentMethodSchema } from "../messages/payment-process.ts";
import { amountSchema, currencySchema } from "../money.ts";
import { operation, type Operation } from "../operation.ts";
import { timestampSchema } from "../primitives.ts";

/*
 * The simulator is a payment provider, not a part of the platform: `internal` here means the provider's own API key
 * (`Authorization: Bearer <PAYMENT_PROVIDER_KEY>`), as a merchant sends it.
 */

/** The merchant's name of a charge or refund, unique to it. */
const referenceSchema = z.string().min(1).max(64);

export const chargeRequestSchema = z.object({
  reference: referenceSchema,
  amount: amountSchema.min(1),
  currency: currencySchema,
  method: paymentMethodSchema,
  simulate: paymentDetailsSchema.shape.simulate,
});

export const chargeSchema = z.object({
  chargeId: z.string(),
  reference: referenceSchema,
  status: z.enum(["captured", "declined"]),
  amount: amountSchema,
  currency: currencySchema,
  reason: z.string().optional(),
  at: timestampSchema,
});
export type ProviderCharge = z.infer<typeof chargeSchema>;

export const refundSchema = z.object({
  refundId: z.string(),
  reference: referenceSchema,
  chargeReference: referenceSchema,
  status: z.enum(["done", "refused"]),
  amount: amountSchema,
  currency: currencySchema,
  reason: z.string().optional(),
  at: timestampSchema,
});
export type ProviderRefund = z.infer<typeof refundSchema>;

export const ledgerEntrySchema = z.object({
  sequence: z.int().min(1),
  kind: z.enum(["charge", "refund"]),
  /** Of the charge or the refund. */
  id: z.string(),
  reference: referenceSchema,
  /** The charge's reference; its own for a charge. */
  chargeReference: referenceSchema,
  status: z.enum(["captured", "declined", "done", "refused"]),
  amount: amountSchema,
  currency: currencySchema,
  at: timestampSchema,
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** Body of `POST /api/payments/webhooks/simulator`: several results in one delivery. */
export const simulatorWebhookSchema = z.object({
  charges: z.array(chargeSchema).min(1).max(500),
});
export type SimulatorWebhook = z.infer<typeof simulatorWebhookSchema>;

export const createCharge = operation({
  operationId: "createCharge",
  method: "post",
  path: "/v1/charges",
  summary: "Charge a payer",
  description:
    "Header `Idempotency-Key`: a repeat under the same key answers with the same charge. Without a key each call charges.",
  access: "internal",
  body: chargeRequestSchema,
  responses: { 200: { description: "The charge, captured or declined", schema: chargeSchema } },
  problems: ["idempotency_key_reused", "idempotency_key_invalid", "dependency_unavailable"],
});

export const getChargeByReference = operation({
  operationId: "getChargeByReference",
  method: "get",
  path: "/v1/charges/by-reference/:reference",
  summary: "The charge of a reference; a captured one before a declined one",
  access: "internal",
  params: z.object({ reference: referenceSchema }),
  responses: { 200: { description: "The charge", schema: chargeSchema } },
  problems: ["not_found"],
});

export const createRefund = operation({
  operationId: "createRefund",
  method: "post",
  path: "/v1/refunds",
  summary: "Give back (a part of) a captured charge",
  access: "internal",
  body: z.object({
    reference: referenceSchema,
    chargeReference: referenceSchema,
    amount: amountSchema.min(1),
    currency: currencySchema,
  }),
  responses: { 200: { description: "The refund, done or refused", schema: refundSchema } },
  problems: ["not_found", "idempotency_key_reused", "idempotency_key_invalid"],
});

export const getRefundByReference = operation({
  operationId: "getRefundByReference",
  method: "get",
  path: "/v1/refunds/by-reference/:reference",
  summary: "The refund of a reference",
  access: "internal",
  params: z.object({ reference: referenceSchema }),
  responses: { 200: { description: "The refund", schema: refundSchema } },
  problems: ["not_found"],
});

export const listLedger = operation({
  operationId: "listLedger",
  method: "get",
  path: "/v1/ledger",
  summary: "Everything that moved money or was refused, in the order it was written",
  access: "internal",
  query: z.object({
    after: z.coerce.number().int().min(0).default(0).describe("Sequence of the last one seen"),
    limit: z.coerce.number().int().min(1).max(1000).default(1000),
  }),
  responses: {
    200: { description: "Entries", schema: z.object({ entries: z.array(ledgerEntrySchema) }) },
  },
  problems: [],
});

/*
 * SSLCommerz's wire format, under `/sslcommerz`: form-encoded or in the query, always 200, errors in the body, as its v4
 * documentation has it. Stores are known by `store_id` and `store_passwd`, payers by the page's address.
 */
const anyFields = z.record(z.string(), z.string());
const json = { description: "JSON in the provider's own form", schema: z.looseObject({}) };
const page = { description: "A page for the payer", contentType: "text/html" };

export const openSslcommerzSession = operation({
  operationId: "openSslcommerzSession",
  method: "post",
  path: "/sslcommerz/gwprocess/v4/api.php",
  summary: "Open a session; answers GatewayPageURL, where the payer goes on",
  access: "public",
  rawBody: true,
  responses: { 200: json },
  problems: [],
});

export const showSslcommerzPage = operation({
  operationId: "showSslcommerzPage",
  method: "get",
  path: "/sslcommerz/gw/:sessionKey",
  summary: "The payer's page",
  access: "public",
  params: z.object({ sessionKey: z.string().max(64) }),
  responses: { 200: page },
  problems: ["not_found"],
});

export const decideSslcommerzPage = operation({
  operationId: "decideSslcommerzPage",
  method: "post",
  path: "/sslcommerz/gw/:sessionKey",
  summary: "The payer approves, declines or cancels (form field `decision`)",
  access: "public",
  params: z.object({ sessionKey: z.string().max(64) }),
  rawBody: true,
  responses: { 200: page },
  problems: ["not_found", "validation_failed"],
});

export const validateSslcommerzPayment = operation({
  operationId: "validateSslcommerzPayment",
  method: "get",
  path: "/sslcommerz/validator/api/validationserverAPI.php",
  summary: "Order validation by val_id",
  access: "public",
  query: anyFields,
  responses: { 200: json },
  problems: [],
});

export const callSslcommerzMerchantApi = operation({
  operationId: "callSslcommerzMerchantApi",
  method: "get",
  path: "/sslcommerz/validator/api/merchantTransIDvalidationAPI.php",
  summary:
    "Transaction query (tran_id), refund (bank_tran_id, refund_trans_id), refund query (refund_ref_id)",
  access: "public",
  query: anyFields,
  responses: { 200: json },
  problems: [],
});

export const operations: readonly Operation[] = [
  createCharge,
  getChargeByReference,
  createRefund,
  getRefundByReference,
  listLedger,
  openSslcommerzSession,
  showSslcommerzPage,
  decideSslcommerzPage,
  validateSslcommerzPayment,
  callSslcommerzMerchantApi,
];
