import type { Counter } from "prom-client";
import { Problem } from "@jatra/common/http/problem.ts";
import { wholeSeconds, type PolicyStanding } from "../domain/rate-headers.ts";
import type { Verdict } from "../limit/rate-limiter.ts";
import type { Visit } from "./visit.ts";

/** Keeps how a visit's claims stand for its headers. Throws `rate_limited`. */
export type RateGate = (visit: Visit, verdict: Verdict) => void;

export const createRateGate = (refused: Counter<"policy">): RateGate => {
  return (visit, { allowed, standings }) => {
    visit.standings = visit.standings.length === 0 ? standings : [...visit.standings, ...standings];
    if (allowed) return;
    const [first, ...others] = standings.filter(({ remaining }) => remaining === 0);
    refused.inc({ policy: first?.policy.name ?? "unknown" });
    visit.isTurnedAway = true;
    throw refusal(first ? [first, ...others] : []);
  };
};

const refusal = (exhausted: readonly PolicyStanding[]): Problem => {
  const seconds = wholeSeconds(Math.max(0, ...exhausted.map(({ retryMs }) => retryMs)));
  return new Problem("rate_limited", {
    detail: exhausted.map(({ policy }) => describe(policy)).join(" "),
    headers: { "Retry-After": String(seconds) },
  });
};

const describe = ({ name, quota }: PolicyStanding["policy"]): string =>
  `The limit "${name}" is ${quota.limit} requests in ${quota.windowMs / 1000} s.`;
