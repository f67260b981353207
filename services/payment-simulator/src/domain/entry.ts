import type {
  LedgerEntry,
  ProviderCharge,
  ProviderRefund,
} from "@jatra/contracts/http/payment-simulator.ts";

/** One line of the provider's books. */
export type Entry = LedgerEntry & { readonly reason: string | undefined };

export const chargeOf = (entry: Entry): ProviderCharge => ({
  chargeId: entry.id,
  reference: entry.reference,
  status: entry.status === "captured" ? "captured" : "declined",
  amount: entry.amount,
  currency: entry.currency,
  ...(entry.reason === undefined ? {} : { reason: entry.reason }),
  at: entry.at,
});

export const refundOf = (entry: Entry): ProviderRefund => ({
  refundId: entry.id,
  reference: entry.reference,
  chargeReference: entry.chargeReference,
  status: entry.status === "done" ? "done" : "refused",
  amount: entry.amount,
  currency: entry.currency,
  ...(entry.reason === undefined ? {} : { reason: entry.reason }),
  at: entry.at,
});
