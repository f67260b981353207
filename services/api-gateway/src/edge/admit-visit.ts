import { Problem } from "@jatra/common/http/problem.ts";
import { KeysUnavailableError } from "../identity/key-set.ts";
import type { Passport, Passports } from "../identity/passports.ts";
import type { Visit } from "./visit.ts";

const challenge = { "WWW-Authenticate": 'Bearer realm="jatra"' };
const invalidToken = { "WWW-Authenticate": 'Bearer realm="jatra", error="invalid_token"' };

/** The passport of a token that was checked before, without waiting; else `undefined`. */
export const knownPassport = ({ request }: Visit, passports: Passports): Passport | undefined => {
  const { authorization } = request.headers;
  return authorization === undefined ? undefined : passports.known(authorization);
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
  const { authorization } = visit.request.headers;
  if (authorization === undefined) {
    if (isNeeded) throw new Problem("unauthorized", { headers: challenge });
    return undefined;
  }
  const passport = await check(authorization, passports);
  if (!passport) throw new Problem("unauthorized", { headers: invalidToken });
  return passport;
};

const check = async (
  authorization: string,
  passports: Passports,
): Promise<Passport | undefined> => {
  try {
    return await passports.check(authorization);
  } catch (error) {
    if (!(error instanceof KeysUnavailableError)) throw error;
    throw new Problem("dependency_unavailable", {
      detail: "Tokens can't be checked just now.",
      headers: { "Retry-After": "5" },
      cause: error,
    });
  }
};
