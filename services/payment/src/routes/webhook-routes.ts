import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { ok, type Reply } from "@jatra/common/http/reply.ts";
import {
  receiveWebhook,
  showPaymentReturn,
  takePaymentReturn,
} from "@jatra/contracts/http/payment.ts";
import type { Dependencies } from "../domain/dependencies.ts";
import { settlePayment } from "../domain/settle-payment.ts";

/**
 * Where providers report, and where they send the payer's browser back to. A report that we can't act on is still answered
 * with 200: it is counted and alerts, and sending it again would not help.
 */
export const webhookRoutes = (dependencies: Dependencies): Route[] => [
  bind(receiveWebhook, async ({ params, headers, rawBody }) => {
    const { provider } = dependencies;
    if (params.provider !== provider.name) throw new Problem("not_found");
    const reported = await provider.readWebhook(headers, rawBody);
    if (!reported) throw new Problem("signature_invalid");
    const payments = await dependencies.payments.findMany(
      reported.map((evidence) => evidence.paymentId),
    );
    const known = new Map(payments.map((payment) => [payment.paymentId, payment]));
    for (const evidence of reported) {
      await settlePayment(dependencies, evidence, "webhook", known.get(evidence.paymentId));
    }
    return ok({ received: reported.length });
  }),
  bind(showPaymentReturn, async () => returnPage),
  bind(takePaymentReturn, async () => returnPage),
];

/** Says nothing about the outcome: only the signed report and the provider's own answer do. */
const returnPage: Reply = {
  status: 200,
  raw: {
    contentType: "text/html; charset=utf-8",
    bytes: Buffer.from(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Jatra payment</title></head>
<body><main><h1>Thank you</h1>
<p>Your payment is being checked with the provider. Your booking shows the result in a moment; you
may close this page.</p></main></body></html>
`),
  },
};
