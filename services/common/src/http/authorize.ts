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
  const given = digestOf(request.headers.authorization ?? "");
  if (!timingSafeEqual(given, expectedDigest(expected))) throw new Problem("unauthorized");
};

/** Digests have one length, so comparing them tells nothing about the token's. */
const digestOf = (text: string): Buffer => hash("sha256", text, "buffer");

/** A process has one token: its digest is kept, which halves the price of the check. */
let known: { readonly token: string; readonly digest: Buffer } | undefined;
const expectedDigest = (token: string): Buffer => {
  if (known?.token !== token) known = { token, digest: digestOf(`Bearer ${token}`) };
  return known.digest;
};
