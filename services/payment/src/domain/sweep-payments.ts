import { closeUnsent } from "./close-payment.ts";
import type { Dependencies } from "./dependencies.ts";
import { eachApart } from "./each-apart.ts";
import type { Payment } from "./payment.ts";
import { LEASE_MS } from "./provider-limits.ts";
import { resolvePayment } from "./resolve-payment.ts";
import { sendPayment } from "./send-payment.ts";

/** Taken up at a time: with questions of some ms each, a backlog of thousands is through in a minute. */
const BATCH_MAX = 64;

/**
 * Takes up payments that are with the provider and whose time is due: the lease of a pod that died ran out, an answer never
 * came, a payer lingers on the provider's page. Asks the provider, ends what it can, sends again what never
 * arrived. Answers how many it took up; any number may run.
 */
export const sweepPayments = async (dependencies: Dependencies): Promise<number> => {
  const due = await dependencies.payments.leaseDue(BATCH_MAX, LEASE_MS);
  await eachApart(
    due,
    (payment) => takeUp(dependencies, payment),
    ({ paymentId, requestId }) => ({ paymentId, requestId }),
    dependencies.logger,
  );
  return due.length;
};

const takeUp = async (dependencies: Dependencies, payment: Payment): Promise<void> => {
  const resolution = await resolvePayment(dependencies, payment, { mayResend: true });
  if (resolution.kind === "resend") await sendPayment(dependencies, resolution.payment);
};

/** Closes what is still unsent at its deadline; answers how many. */
export const sweepDeadlines = async (dependencies: Dependencies): Promise<number> => {
  const late = await dependencies.payments.findNewPastDeadline(BATCH_MAX);
  const closed = await Promise.all(
    late.map((paymentId) => closeUnsent(dependencies, paymentId, "deadline")),
  );
  return closed.filter((payment) => payment !== undefined).length;
};
