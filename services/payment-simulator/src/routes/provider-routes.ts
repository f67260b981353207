import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { ok } from "@jatra/common/http/reply.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { fingerprintOf } from "@jatra/common/idempotency/fingerprint.ts";
import { idempotencyKeyOf } from "@jatra/common/idempotency/idempotency-key.ts";
import {
  createCharge,
  createRefund,
  getChargeByReference,
  getRefundByReference,
  listLedger,
} from "@jatra/contracts/http/payment-simulator.ts";
import { addRefund, type KeyedEntry, type Ledger } from "../data/create-ledger.ts";
import { behaviourOf } from "../domain/behaviour.ts";
import { chargeOf, refundOf, type Entry } from "../domain/entry.ts";

export type ProviderNeeds = {
  readonly ledger: Ledger;
  readonly transact: <T>(work: (tx: Queryable) => Promise<T>) => Promise<T>;
  /** What a charge takes here, before any simulated slowness. */
  readonly delayMs: number;
  /** A webhook is waiting. */
  readonly deliverSoon: () => void;
};

/** The provider's own API, as merchants call it. */
export const providerRoutes = (needs: ProviderNeeds): Route[] => [
  bind(createCharge, async ({ body, headers, rawBody }) => {
    const behaviour = behaviourOf(body.simulate);
    await wait(needs.delayMs + behaviour.delayMs);
    const idempotencyKey = idempotencyKeyOf(headers, "optional");
    const fingerprint = fingerprintOf({}, rawBody);
    if (behaviour.failingTries > 0)
      await failAtFirst(needs, body.reference, behaviour.failingTries);
    const added = await needs.ledger.addCharge({
      ...behaviour,
      id: `ch_${randomUUID()}`,
      idempotencyKey,
      fingerprint,
      reference: body.reference,
      amount: body.amount,
      currency: body.currency,
    });
    if (!added) return ok(chargeOf(await repeated(needs.ledger, idempotencyKey, fingerprint)));
    needs.deliverSoon();
    await wait(behaviour.holdAnswerMs);
    return ok(chargeOf(added));
  }),
  bind(getChargeByReference, async ({ params }) => {
    const entry = await needs.ledger.findCharge(params.reference);
    if (!entry) throw new Problem("not_found");
    return ok(chargeOf(entry));
  }),
  bind(createRefund, async ({ body, headers, rawBody }) => {
    await wait(needs.delayMs);
    const fingerprint = fingerprintOf({}, rawBody);
    const idempotencyKey = idempotencyKeyOf(headers, "optional");
    const refund = { ...body, id: `re_${randomUUID()}`, idempotencyKey, fingerprint };
    const found = await needs.transact((tx) => addRefund(tx, refund));
    if (!found) throw new Problem("not_found", { detail: "There is no such captured charge." });
    return ok(refundOf(sameRequest(found, fingerprint)));
  }),
  bind(getRefundByReference, async ({ params }) => {
    const entry = await needs.ledger.findRefund(params.reference);
    if (!entry) throw new Problem("not_found");
    return ok(refundOf(entry));
  }),
  bind(listLedger, async ({ query }) => {
    const entries = await needs.ledger.list(query.after, query.limit);
    return ok({ entries: entries.map(({ reason: _reason, ...entry }) => entry) });
  }),
];

/** Without holding up the end of the process. */
const wait = async (ms: number): Promise<void> => {
  if (ms > 0) await pause(ms, undefined, { ref: false });
};

const failAtFirst = async (
  { ledger }: ProviderNeeds,
  reference: string,
  failingTries: number,
): Promise<void> => {
  const tries = await ledger.countFailedTry(reference);
  if (tries <= failingTries) {
    throw new Problem("dependency_unavailable", { detail: "Simulated failure, nothing charged." });
  }
};

const repeated = async (
  ledger: Ledger,
  idempotencyKey: string | undefined,
  fingerprint: string,
): Promise<Entry> => {
  const found =
    idempotencyKey === undefined ? undefined : await ledger.findByKey("charge", idempotencyKey);
  if (!found) throw new Error("a charge conflicted with nothing");
  return sameRequest(found, fingerprint);
};

const sameRequest = (found: KeyedEntry, fingerprint: string): Entry => {
  if (found.fingerprint !== fingerprint) throw new Problem("idempotency_key_reused");
  return found.entry;
};
