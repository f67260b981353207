import type { IncomingHttpHeaders } from "node:http";
import { Problem } from "@jatra/common/http/problem.ts";
import { lockTokenHeader } from "@jatra/contracts/http/seat-reservation.ts";
import type { Identity } from "@jatra/contracts/identity.ts";
import type { Caller } from "../domain/lock-owner.ts";
import { hashLockToken } from "../domain/lock-token.ts";

/** Ours have 43 characters; a longer one can't match and isn't worth hashing. */
const TOKEN_LENGTH_MAX = 128;

/** Who asks about a lock. Throws `unauthorized` for somebody with neither a bearer token nor a lock token. */
export const callerOf = (context: {
  readonly identity: Identity | undefined;
  readonly headers: IncomingHttpHeaders;
}): Caller => {
  const header = context.headers[lockTokenHeader];
  const token =
    typeof header === "string" && header.length <= TOKEN_LENGTH_MAX ? header : undefined;
  if (!context.identity && header === undefined) {
    throw new Problem("unauthorized", { headers: { "WWW-Authenticate": "Bearer" } });
  }
  return {
    userId: context.identity?.userId,
    tokenHash: token === undefined ? undefined : hashLockToken(token),
  };
};
