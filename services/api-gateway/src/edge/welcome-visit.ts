import type { Counter } from "prom-client";
import { networkOf } from "../domain/client-address.ts";
import { needsToken, readsTokens } from "../domain/early-access.ts";
import { addressClaim, furtherClaims, type RatePolicies } from "../domain/rate-policy.ts";
import type { RouteMatch } from "../domain/route-table.ts";
import type { Passport, Passports } from "../identity/passports.ts";
import type { RateLimiter } from "../limit/rate-limiter.ts";
import { refuseLargeBody } from "../proxy/request-body.ts";
import { admitVisit, knownPassport } from "./admit-visit.ts";
import { createRateGate } from "./limit-visit.ts";
import type { Visit } from "./visit.ts";

export type WelcomeDependencies = {
  readonly limiter: RateLimiter;
  readonly policies: RatePolicies;
  readonly passports: Passports;
  readonly guestHolds: boolean;
};

/**
 * Rate limits and token of a visit; answers its passport. A token that was checked before costs nothing to look up, so all limits are
 * asked for at once. A new one costs a signature: its address must have something left before it is checked.
 * Throws `rate_limited`, `body_too_large`, and what `admitVisit` throws.
 */
export const createWelcome = (
  { limiter, policies, passports, guestHolds }: WelcomeDependencies,
  refused: Counter<"policy">,
): ((visit: Visit, match: RouteMatch | undefined) => Promise<Passport | undefined>) => {
  const pass = createRateGate(refused);
  return async (visit, match) => {
    const network = networkOf(visit.address);
    const address = addressClaim(policies, network);
    if (!match) {
      pass(visit, await limiter([address]));
      return undefined;
    }
    const { service, operation } = match;
    const isRead = readsTokens(service);
    const known = isRead ? knownPassport(visit, passports) : undefined;
    const isStranger = isRead && !known && visit.request.headers.authorization !== undefined;
    const further = (passport: Passport | undefined) =>
      furtherClaims(policies, {
        network,
        userId: passport?.identity.userId,
        operationId: operation?.operationId,
      });
    pass(visit, await limiter(isStranger ? [address] : [address, ...further(known)]));
    refuseLargeBody(visit.request);
    if (known || !isRead) return known;
    const passport = await admitVisit(visit, passports, needsToken(operation, guestHolds));
    const claims = isStranger ? further(passport) : [];
    if (claims.length > 0) pass(visit, await limiter(claims));
    return passport;
  };
};
