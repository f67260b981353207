import type {
  ChargeAnswer,
  ChargeFinding,
  Evidence,
  PaymentProvider,
} from "../../domain/payment-provider.ts";
import { CHARGE_TIMEOUT_MS } from "../../domain/provider-limits.ts";
import { createProviderHttp } from "../provider-http.ts";
import { createAskValidator, type AskValidator } from "./ask-validator.ts";
import { toReference } from "./reference.ts";
import { createRefunds } from "./refunds.ts";
import { sessionFields, storeLoginOf } from "./session-fields.ts";
import { queryAnswerSchema, sessionAnswerSchema, transactionSchema } from "./sslcommerz-answers.ts";
import { evidenceOf, findingOf } from "./transaction-evidence.ts";
import { isSignedBySslcommerz } from "./verify-fields.ts";

/**
 * SSLCommerz, API v4. A charge opens a session and sends the payer to a page; the result comes by IPN and is believed after a
 * validation call, or by transaction query. A second session for one tran_id takes no money by itself.
 */
export const createSslcommerzProvider = (options: {
  readonly baseUrl: string;
  /** `<store id>:<store password>` */
  readonly login: string;
  readonly publicUrl: string;
}): PaymentProvider => {
  const login = storeLoginOf(options.login);
  const http = createProviderHttp({ baseUrl: options.baseUrl });
  const ask = createAskValidator(http, login);
  return {
    name: "sslcommerz",
    hasPage: true,
    charge: async (request): Promise<ChargeAnswer> => {
      const answer = await http.call({
        method: "POST",
        path: "/gwprocess/v4/api.php",
        form: sessionFields(request, login, options.publicUrl),
        timeoutMs: CHARGE_TIMEOUT_MS,
      });
      if (!answer.ok) return { kind: "unknown", cause: answer.cause };
      const { data } = sessionAnswerSchema.safeParse(answer.body);
      if (data?.status !== "SUCCESS" || !data.GatewayPageURL) {
        return { kind: "unknown", cause: data?.failedreason ?? `status_${answer.status}` };
      }
      return { kind: "redirect", redirectUrl: data.GatewayPageURL };
    },
    findCharge: (paymentId) => query(ask, toReference(paymentId)),
    refund: createRefunds(ask),
    readWebhook: async (_headers, rawBody) => {
      const fields = new Map(new URLSearchParams(rawBody.toString("utf8")));
      if (!isSignedBySslcommerz(fields, login.storePassword)) return undefined;
      return readNotification(ask, fields);
    },
  };
};

/**
 * Believes nothing of the notification but that it is time to ask: about a success by validation call, about the rest by
 * transaction query.
 */
const readNotification = async (
  ask: AskValidator,
  fields: ReadonlyMap<string, string>,
): Promise<readonly Evidence[]> => {
  const tranId = fields.get("tran_id") ?? "";
  const valId = fields.get("val_id") ?? "";
  if (valId === "") {
    const finding = await query(ask, tranId);
    return finding.kind === "settled" ? [finding.evidence] : [];
  }
  const told = await ask("validationserverAPI.php", { val_id: valId, v: "1" }, transactionSchema);
  const evidence = told?.tran_id === tranId ? evidenceOf(told) : undefined;
  return evidence ? [evidence] : [];
};

const query = async (ask: AskValidator, tranId: string): Promise<ChargeFinding> => {
  const found = await ask(
    "merchantTransIDvalidationAPI.php",
    { tran_id: tranId },
    queryAnswerSchema,
  );
  if (found?.APIConnect !== "DONE") return { kind: "unavailable", cause: "no_answer" };
  return findingOf(found.element);
};
