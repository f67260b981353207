import {
  chargeSchema,
  ledgerEntrySchema,
  refundSchema,
  type LedgerEntry,
  type ProviderCharge,
} from "@jatra/contracts/http/payment-simulator.ts";
import { z } from "zod";
import type {
  ChargeAnswer,
  ChargeFinding,
  Evidence,
  LedgerLine,
  PaymentProvider,
  RefundAnswer,
} from "../../domain/payment-provider.ts";
import { CHARGE_TIMEOUT_MS, QUERY_TIMEOUT_MS } from "../../domain/provider-limits.ts";
import { createProviderHttp, type ProviderHttp } from "../provider-http.ts";
import { readSimulatorWebhook } from "./read-simulator-webhook.ts";

/** The simulator's API: one call charges, its answer is the outcome; `Idempotency-Key` makes repeats harmless. */
export const createSimulatorProvider = (options: {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly chargeTimeoutMs?: number;
}): PaymentProvider => {
  const http = createProviderHttp({
    baseUrl: options.baseUrl,
    headers: { authorization: `Bearer ${options.apiKey}` },
  });
  const timeoutMs = options.chargeTimeoutMs ?? CHARGE_TIMEOUT_MS;
  return {
    name: "simulator",
    hasPage: false,
    charge: async (request): Promise<ChargeAnswer> => {
      const answer = await http.call({
        method: "POST",
        path: "/v1/charges",
        headers: { "idempotency-key": request.paymentId },
        json: {
          reference: request.paymentId,
          amount: request.amount,
          currency: request.currency,
          method: request.method,
          simulate: request.details?.simulate,
        },
        timeoutMs,
      });
      if (!answer.ok || answer.status !== 200) return { kind: "unknown", cause: causeOf(answer) };
      const { data: charge } = chargeSchema.safeParse(answer.body);
      if (!charge) return { kind: "unknown", cause: "malformed" };
      return { kind: "settled", evidence: evidenceOf(charge) };
    },
    findCharge: (paymentId) => findCharge(http, paymentId),
    refund: async (request): Promise<RefundAnswer> => {
      const answer = await http.call({
        method: "POST",
        path: "/v1/refunds",
        headers: { "idempotency-key": request.refundId },
        json: {
          reference: request.refundId,
          chargeReference: request.paymentId,
          amount: request.amount,
          currency: request.currency,
        },
        timeoutMs,
      });
      // Without a charge there is nothing to give back, now or later.
      if (answer.ok && answer.status === 404) return { kind: "failed", reason: "no_such_charge" };
      if (!answer.ok || answer.status !== 200) return { kind: "unknown", cause: causeOf(answer) };
      const { data: refund } = refundSchema.safeParse(answer.body);
      if (!refund) return { kind: "unknown", cause: "malformed" };
      return refund.status === "done"
        ? { kind: "done", providerReference: refund.refundId }
        : { kind: "failed", reason: refund.reason ?? "refused" };
    },
    listLedger: async (after) => {
      const answer = await http.call({
        method: "GET",
        path: `/v1/ledger?after=${after}`,
        timeoutMs: QUERY_TIMEOUT_MS,
      });
      if (!answer.ok || answer.status !== 200) throw new Error(`ledger: ${causeOf(answer)}`);
      return ledgerPage.parse(answer.body).entries.map(lineOf);
    },
    readWebhook: async (headers, rawBody) =>
      readSimulatorWebhook(options.webhookSecret, headers, rawBody)?.map(evidenceOf),
  };
};

const ledgerPage = z.object({ entries: z.array(ledgerEntrySchema) });

const findCharge = async (http: ProviderHttp, paymentId: string): Promise<ChargeFinding> => {
  const answer = await http.call({
    method: "GET",
    path: `/v1/charges/by-reference/${paymentId}`,
    timeoutMs: QUERY_TIMEOUT_MS,
  });
  if (answer.ok && answer.status === 404) return { kind: "none" };
  if (!answer.ok || answer.status !== 200) return { kind: "unavailable", cause: causeOf(answer) };
  const { data: charge } = chargeSchema.safeParse(answer.body);
  if (!charge) return { kind: "unavailable", cause: "malformed" };
  return { kind: "settled", evidence: evidenceOf(charge) };
};

const causeOf = (answer: Awaited<ReturnType<ProviderHttp["call"]>>): string =>
  answer.ok ? `status_${answer.status}` : answer.cause;

const evidenceOf = (charge: ProviderCharge): Evidence => ({
  paymentId: charge.reference,
  outcome: charge.status === "captured" ? "captured" : "failed",
  amount: charge.amount,
  currency: charge.currency,
  providerReference: charge.chargeId,
  ...(charge.reason === undefined ? {} : { reason: charge.reason }),
});

const outcomes = {
  captured: "captured",
  declined: "failed",
  done: "refunded",
  refused: "refund_refused",
} as const satisfies Record<LedgerEntry["status"], LedgerLine["outcome"]>;

const lineOf = (entry: LedgerEntry): LedgerLine => ({
  position: entry.sequence,
  kind: entry.kind,
  entryId: entry.id,
  reference: entry.reference,
  outcome: outcomes[entry.status],
  amount: entry.amount,
  currency: entry.currency,
  at: new Date(entry.at),
});
