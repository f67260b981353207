import type { Counter } from "prom-client";
import { Problem } from "@jatra/common/http/problem.ts";
import { networkOf } from "../domain/client-address.ts";
import { KeysUnavailableError } from "../identity/key-set.ts";
import type { Passport, Passports } from "../identity/passports.ts";
import type { RateLimiter } from "../limit/rate-limiter.ts";
import type { Visit } from "./visit.ts";

const challenge = { "WWW-Authenticate": 'Bearer realm="jatra"' };
const invalidToken = { "WWW-Authenticate": 'Bearer realm="jatra", error="invalid_token"' };
const bearer = /^Bearer ([A-Za-z0-9_.-]+)$/i;

/** Counts the request against its address; sets the RateLimit headers (draft-ietf-httpapi-ratelimit-headers). Throws `rate_limited`. */
export const createRateGate = (dependencies: {
  readonly limiter: RateLimiter;
  readonly requestsPerSecond: number;
  readonly refused: Counter;
}): ((visit: Visit) => Promise<void>) => {
  const { limiter, requestsPerSecond, refused } = dependencies;
  const policy = `"address";q=${requestsPerSecond};w=1`;
  return async (visit) => {
    const { allowed, remaining, retryAfterSeconds } = await limiter(networkOf(visit.address));
    visit.limits = [
      "RateLimit-Policy",
      policy,
      "RateLimit",
      `"address";r=${remaining};t=${retryAfterSeconds}`,
    ];
    if (allowed) return;
    refused.inc();
    visit.isTurnedAway = true;
    throw new Problem("rate_limited", { headers: { "Retry-After": String(retryAfterSeconds) } });
  };
};

/**
 * The passport of the request's bearer token; `undefined` without a token where none is needed. A token that isn't good is
 * refused everywhere, or a client would go on as a guest without knowing. Throws `unauthorized`, `dependency_unavailable`.
 */
export const admitVisit = async (
  visit: Visit,
  passports: Passports,
  isNeeded: boolean,
): Promise<Passport | undefined> => {
  const header = visit.request.headers.authorization;
  if (header === undefined) {
    if (isNeeded) throw new Problem("unauthorized", { headers: challenge });
    return undefined;
  }
  const token = bearer.exec(header)?.[1];
  if (token === undefined) throw new Problem("unauthorized", { headers: invalidToken });
  const passport = passports.known(token) ?? (await check(token, passports));
  if (!passport) throw new Problem("unauthorized", { headers: invalidToken });
  return passport;
};

const check = async (token: string, passports: Passports): Promise<Passport | undefined> => {
  try {
    return await passports.check(token);
  } catch (error) {
    if (!(error instanceof KeysUnavailableError)) throw error;
    throw new Problem("dependency_unavailable", {
      detail: "Tokens can't be checked just now.",
      headers: { "Retry-After": "5" },
      cause: error,
    });
  }
};
