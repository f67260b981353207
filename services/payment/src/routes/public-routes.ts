import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { accepted, ok } from "@jatra/common/http/reply.ts";
import { generateKey } from "@jatra/common/idempotency/fingerprint.ts";
import {
  getPayment,
  initiatePayment as initiatePaymentOperation,
} from "@jatra/contracts/http/payment.ts";
import { initiatePayment, type InitiateNeeds } from "../domain/initiate-payment.ts";
import { viewOf } from "../domain/payment-view.ts";

/** What payers call, through the gateway. */
export const publicRoutes = (needs: InitiateNeeds): Route[] => [
  bind(
    initiatePaymentOperation,
    async ({ body, identity, requestId }) => {
      const view = await initiatePayment(needs, {
        bookingId: body.bookingId,
        userId: identity.userId,
        amount: body.amount,
        requestId,
      });
      return accepted(`/api/payments/${view.paymentId}`, view);
    },
    {
      // A booking belongs to one reservation (its id is made from the lock's), so either names what is paid.
      serverKey: ({ body, identity }) =>
        generateKey("payment", {
          userId: identity.userId,
          amount: body.amount ?? 0,
          reservationId: body.reservationId ?? body.bookingId,
        }),
    },
  ),
  bind(getPayment, async ({ params, identity }) => {
    const payment = await needs.payments.find(params.paymentId);
    if (!payment || payment.userId !== identity.userId) throw new Problem("not_found");
    return ok(viewOf(payment, await needs.refunds.findByBooking(payment.bookingId)));
  }),
];
