import { createPublicKey } from "node:crypto";
import { identitySchema, identityToken, type Identity } from "@jatra/contracts/identity.ts";
import { jwtVerify } from "jose";
import { LRUCache } from "lru-cache";

export type IdentityVerifier = (token: string) => Promise<Identity | undefined>;

/** Users that one pod remembers: 10,000 × about 1 KiB is 10 MiB. */
const CACHE_ENTRIES = 10_000;
/** The gateway's tokens live five minutes; a minute of trust in a checked one stays far below that. */
const CACHE_TTL_MS = 60_000;

/**
 * Checks `X-Jatra-Identity`, which only the gateway can sign. `undefined` for anything that isn't a valid, fresh
 * token: the caller answers 401. Checked tokens are remembered, since a signature check costs about 0.1 ms.
 */
export const createIdentityVerifier = (publicKeyBase64: string): IdentityVerifier => {
  const key = createPublicKey({
    key: Buffer.from(publicKeyBase64, "base64"),
    format: "der",
    type: "spki",
  });
  const known = new LRUCache<string, Identity>({ max: CACHE_ENTRIES, ttl: CACHE_TTL_MS });
  return async (token) => {
    const cached = known.get(token);
    if (cached) return cached;
    const identity = await verify(token, key);
    if (identity) known.set(token, identity);
    return identity;
  };
};

const verify = async (
  token: string,
  key: ReturnType<typeof createPublicKey>,
): Promise<Identity | undefined> => {
  try {
    const { payload } = await jwtVerify(token, key, { ...identityToken, algorithms: ["EdDSA"] });
    const { sub, role, name, email } = payload;
    return identitySchema.safeParse({ userId: sub, role, name, email }).data;
  } catch {
    // Forged, expired, of another issuer, not a JWT: all the same to the caller.
    return undefined;
  }
};
