import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { accepted, ok } from "@jatra/common/http/reply.ts";
import {
  closePayment as closePaymentOperation,
  getPaymentStanding,
  putPayment,
  putPayments,
  putRefund,
} from "@jatra/contracts/http/payment.ts";
import { acceptIntent, acceptListed } from "../domain/accept-intent.ts";
import { closePayment } from "../domain/close-payment.ts";
import type { Dependencies } from "../domain/dependencies.ts";
import { standingOf } from "../domain/payment-view.ts";
import { requestRefund } from "../domain/request-refund.ts";

export type Wakes = { readonly wakeProcessor: () => void; readonly wakeRefunds: () => void };

/** What booking-service calls. */
export const internalRoutes = (dependencies: Dependencies, wakes: Wakes): Route[] => [
  bind(putPayment, async ({ params, body, requestId }) => {
    const { paymentId } = params;
    const isFirst = await acceptIntent(dependencies, paymentId, body, requestId);
    if (isFirst) wakes.wakeProcessor();
    return accepted(`/internal/payments/${paymentId}`, { paymentId, bookingId: body.bookingId });
  }),
  bind(putPayments, async ({ body }) => {
    // Side by side, so that their inserts share a statement.
    const records = await Promise.all(
      body.payments.map((payment) => acceptListed(dependencies, payment)),
    );
    if (records.some(({ isFirst }) => isFirst)) wakes.wakeProcessor();
    const payments = records.map(({ paymentId, outcome }) => ({ paymentId, outcome }));
    return { status: 202, body: { payments } };
  }),
  bind(getPaymentStanding, async ({ params }) => {
    const payment = await dependencies.payments.find(params.paymentId);
    if (!payment) throw new Problem("not_found");
    return ok(standingOf(payment));
  }),
  bind(closePaymentOperation, async ({ params }) =>
    ok(await closePayment(dependencies, params.paymentId)),
  ),
  bind(putRefund, async ({ params, body, requestId }) => {
    const refund = await requestRefund(dependencies, params.refundId, body, requestId);
    wakes.wakeRefunds();
    const { refundId, state } = refund;
    return accepted(`/internal/refunds/${refundId}`, { refundId, state });
  }),
];
