import { z } from "zod";

/** What SSLCommerz v4 answers, as far as we rely on it; it adds fields now and then. */
export const sessionAnswerSchema = z.object({
  status: z.string(),
  failedreason: z.string().optional(),
  GatewayPageURL: z.string().optional(),
});

const text = z.union([z.string(), z.number()]).transform(String);

export const transactionSchema = z.object({
  status: z.string(),
  tran_id: z.string(),
  /** What was sent at the session's start, in the currency of that time. */
  currency_type: z.string(),
  currency_amount: text,
  bank_tran_id: z.string(),
  error: z.string().optional(),
});
export type SslcommerzTransaction = z.infer<typeof transactionSchema>;

export const queryAnswerSchema = z.object({
  APIConnect: z.string(),
  element: z.array(transactionSchema).default([]),
});

export const refundAnswerSchema = z.object({
  APIConnect: z.string(),
  status: z.string().default(""),
  refund_ref_id: z.string().optional(),
  errorReason: z.string().optional(),
});
