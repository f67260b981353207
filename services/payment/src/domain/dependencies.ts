import type { Logger } from "@jatra/common/logging/logger.ts";
import type { PaymentMetrics } from "../payment-metrics.ts";
import type { LedgerStore } from "./ledger-store.ts";
import type { PaymentProvider } from "./payment-provider.ts";
import type { PaymentStore } from "./payment-store.ts";
import type { RefundStore } from "./refund-store.ts";
import type { WriteSettlement } from "./settlement-writer.ts";
import type { Transact } from "./transact.ts";

/** What the domain works with; `main.ts` puts it together. */
export type Dependencies = {
  readonly transact: Transact;
  readonly payments: PaymentStore;
  readonly writeSettlement: WriteSettlement;
  readonly refunds: RefundStore;
  /** Captures that our books can't explain, whichever way they came to light. */
  readonly findings: Pick<LedgerStore, "record">;
  readonly provider: PaymentProvider;
  /** Publishes what was appended, now instead of at the next poll. */
  readonly wakeOutbox: () => void;
  /** From PAYMENT_MAX_RETRIES: tries at the provider beyond the first. */
  readonly retriesMax: number;
  readonly metrics: PaymentMetrics;
  readonly logger: Logger;
};
