import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { ok } from "@jatra/common/http/reply.ts";
import {
  callSslcommerzMerchantApi,
  decideSslcommerzPage,
  openSslcommerzSession,
  showSslcommerzPage,
  validateSslcommerzPayment,
} from "@jatra/contracts/http/payment-simulator.ts";
import { z } from "zod";
import type { Session } from "../data/create-session-store.ts";
import { decide, type Decision } from "./decide-session.ts";
import { callMerchantApi, type MerchantApiNeeds } from "./merchant-api.ts";
import { sessionOf } from "./open-session.ts";
import { payerPage, wayBackPage } from "./payer-pages.ts";
import { isStore, storeLoginOf } from "./store-login.ts";
import { transactionFields } from "./transaction-fields.ts";

export type SslcommerzNeeds = MerchantApiNeeds & { readonly providerKey: string };

/** SSLCommerz as a merchant and a payer see it. */
export const sslcommerzRoutes = (needs: SslcommerzNeeds): Route[] => {
  const login = storeLoginOf(needs.providerKey);
  return [
    bind(openSslcommerzSession, async ({ rawBody, headers }) => {
      const fields = formOf(rawBody);
      if (!isStore(login, fields)) return ok(failed("Store Credential Error"));
      const opened = sessionOf(fields);
      if ("failedReason" in opened) return ok(failed(opened.failedReason));
      await needs.sessions.add(opened.session);
      const { sessionKey } = opened.session;
      const pageUrl = `http://${headers.host}/sslcommerz/gw/${sessionKey}`;
      return ok({
        status: "SUCCESS",
        failedreason: "",
        sessionkey: sessionKey,
        GatewayPageURL: pageUrl,
      });
    }),
    bind(showSslcommerzPage, async ({ params }) =>
      payerPage(await sessionFor(needs, params.sessionKey)),
    ),
    bind(decideSslcommerzPage, async ({ params, rawBody }) => {
      const { data: decision } = decisionSchema.safeParse(formOf(rawBody)["decision"]);
      if (!decision) throw new Problem("validation_failed", { detail: "decision is missing" });
      const session = await sessionFor(needs, params.sessionKey);
      const decided = await needs.transact((tx) => decide(tx, session.sessionKey, decision, login));
      if (!decided) return payerPage(await sessionFor(needs, params.sessionKey));
      return wayBackPage(wayBack(decided, decision), transactionFields(decided));
    }),
    bind(validateSslcommerzPayment, async ({ query }) => {
      if (!isStore(login, query)) return ok({ APIConnect: "INVALID_REQUEST" });
      const session = await needs.sessions.validate(query["val_id"] ?? "");
      if (!session) return ok({ APIConnect: "DONE", status: "INVALID_TRANSACTION" });
      const status = session.validated ? "VALIDATED" : session.status;
      return ok({ APIConnect: "DONE", ...transactionFields(session), status });
    }),
    bind(callSslcommerzMerchantApi, async ({ query }) => {
      if (!isStore(login, query)) return ok({ APIConnect: "INVALID_REQUEST" });
      return ok(await callMerchantApi(needs, query));
    }),
  ];
};

const decisionSchema = z.enum(["approve", "decline", "cancel"] satisfies Decision[]);

const failed = (failedreason: string) => ({ status: "FAILED", failedreason });

const formOf = (rawBody: Buffer): Record<string, string | undefined> =>
  Object.fromEntries(new URLSearchParams(rawBody.toString("utf8")));

const sessionFor = async ({ sessions }: SslcommerzNeeds, sessionKey: string): Promise<Session> => {
  const session = await sessions.find(sessionKey);
  if (!session) throw new Problem("not_found");
  return session;
};

const wayBack = (session: Session, decision: Decision): string => {
  const urls = { approve: session.successUrl, decline: session.failUrl, cancel: session.cancelUrl };
  return urls[decision];
};
