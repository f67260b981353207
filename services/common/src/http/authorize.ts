import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { identityHeader, type Identity, type Role } from "@jatra/contracts/identity.ts";
import type { Access } from "@jatra/contracts/operation.ts";
import type { IdentityVerifier } from "../identity/identity-verifier.ts";
import { Problem } from "./problem.ts";

const admitted: Readonly<Record<"user" | "staff" | "admin", readonly Role[]>> = {
  user: ["customer", "staff", "admin"],
  staff: ["staff", "admin"],
  admin: ["admin"],
};

/**
 * Who is asking, by the operation's access. Throws `unauthorized` without a valid identity where one is needed (or where
 * a broken one was sent), `forbidden` for the wrong role.
 */
export const authorize = async (
  request: IncomingMessage,
  access: Access,
  dependencies: { readonly verifyIdentity: IdentityVerifier; readonly internalToken: string },
): Promise<Identity | undefined> => {
  if (access === "internal") {
    requireInternalToken(request, dependencies.internalToken);
    return undefined;
  }
  if (access === "public") return undefined;
  const header = request.headers[identityHeader];
  // Several of them are none of the gateway's making; joined they are no valid one.
  const token = Array.isArray(header) ? header.join() : header;
  if (token === undefined && access === "optional") return undefined;
  const identity = token === undefined ? undefined : await dependencies.verifyIdentity(token);
  if (!identity) throw new Problem("unauthorized", { headers: { "WWW-Authenticate": "Bearer" } });
  if (access !== "optional" && !admitted[access].includes(identity.role)) {
    throw new Problem("forbidden");
  }
  return identity;
};

const requireInternalToken = (request: IncomingMessage, expected: string): void => {
  const given = request.headers.authorization ?? "";
  // Hashes have one length, so the comparison tells nothing about the token's.
  const digest = (text: string): Buffer => hash("sha256", text, "buffer");
  if (!timingSafeEqual(digest(given), digest(`Bearer ${expected}`))) {
    throw new Problem("unauthorized");
  }
};
