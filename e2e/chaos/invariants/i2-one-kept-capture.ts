import type { Snapshot } from "../reading/snapshot.ts";
import { groupBy } from "./group-by.ts";

/** I2: of a booking's captures at most one is kept, by the provider's own books; and none is of nobody's payment. */
export const i2OneKeptCapture = ({ ledger, payments }: Snapshot): string[] => {
  const captures = ledger.filter(({ kind, status }) => kind === "charge" && status === "captured");
  const returned = ledger.filter(({ kind, status }) => kind === "refund" && status === "done");
  const known = new Set(payments.map(({ paymentId }) => paymentId));
  const violations: string[] = [];
  for (const [paymentId, charges] of groupBy(captures, ({ reference }) => reference)) {
    if (!known.has(paymentId)) violations.push(`charge of ${paymentId}, which is no payment`);
    const captured = sum(charges);
    const back = sum(returned.filter(({ chargeReference }) => chargeReference === paymentId));
    const dearest = Math.max(...charges.map(({ amount }) => amount));
    if (captured - back > dearest) {
      violations.push(`payment ${paymentId} keeps ${captured - back} of ${charges.length} charges`);
    }
  }
  return violations;
};

const sum = (entries: readonly { readonly amount: number }[]): number =>
  entries.reduce((total, { amount }) => total + amount, 0);
