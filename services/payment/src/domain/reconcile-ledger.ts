import type { Dependencies } from "./dependencies.ts";
import { judgeCharge } from "./judge-ledger.ts";
import type { LedgerFinding, LedgerStore } from "./ledger-store.ts";
import type { LedgerLine } from "./payment-provider.ts";
import { settlePayment } from "./settle-payment.ts";

/**
 * Younger lines are left for the next run: their payment is in most cases still being settled, and lines of concurrent
 * transactions may yet appear below the position.
 */
const SETTLED_AFTER_MS = 10_000;

/**
 * Compares the provider's ledger with our payments, from where the last run ended: settles captures that no reply, webhook or query
 * brought, and records what our books can't explain. Answers how many it settled; any number may run.
 */
export const reconcileLedger = async (
  dependencies: Dependencies,
  ledger: LedgerStore,
): Promise<number> => {
  const { provider, metrics, logger } = dependencies;
  if (!provider.listLedger) return 0;
  const { position, now } = await ledger.position(provider.name);
  const ripe = takeRipe(await provider.listLedger(position), now.getTime());
  const { repaired, findings } = await compare(dependencies, ripe);
  if (findings.length > 0) {
    await ledger.record(provider.name, findings);
    logger.error({ findings }, "the provider's ledger contradicts our books");
  }
  const last = ripe.at(-1);
  if (last) await ledger.advance(provider.name, last.position);
  metrics.openFindings.set(await ledger.countOpen(provider.name));
  return repaired;
};

/** Up to the first line that is too young, so that none is ever skipped. */
const takeRipe = (lines: readonly LedgerLine[], nowMs: number): readonly LedgerLine[] => {
  const young = lines.findIndex((line) => nowMs - line.at.getTime() < SETTLED_AFTER_MS);
  return young === -1 ? lines : lines.slice(0, young);
};

const compare = async (
  dependencies: Dependencies,
  lines: readonly LedgerLine[],
): Promise<{ repaired: number; findings: LedgerFinding[] }> => {
  const charges = lines.filter((line) => line.kind === "charge");
  const found = await dependencies.payments.findMany(charges.map((line) => line.reference));
  const payments = new Map(found.map((payment) => [payment.paymentId, payment]));
  const findings: LedgerFinding[] = [];
  let repaired = 0;
  for (const line of charges) {
    const verdict = judgeCharge(line, payments.get(line.reference));
    if (verdict.kind === "finding") findings.push(verdict.finding);
    if (verdict.kind === "settle") {
      await settlePayment(dependencies, evidenceOf(line), "ledger");
      repaired += 1;
    }
  }
  return { repaired, findings };
};

const evidenceOf = (line: LedgerLine) =>
  ({
    paymentId: line.reference,
    outcome: "captured",
    amount: line.amount,
    currency: line.currency,
    providerReference: line.entryId,
  }) as const;
