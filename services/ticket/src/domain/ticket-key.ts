import { createPublicKey, type KeyObject } from "node:crypto";
import type { KeySet } from "@jatra/contracts/key-set.ts";
import { calculateJwkThumbprint } from "jose";

/** A key whose signatures we believe, as we use it and as we show it. */
export type TicketKey = { readonly publicKey: KeyObject; readonly jwk: KeySet["keys"][number] };

/** From `x` of an Ed25519 key (base64url of its 32 bytes). Throws where it is none. */
export const ticketKeyOf = async (x: string): Promise<TicketKey> => {
  const parts = { kty: "OKP", crv: "Ed25519", x } as const;
  const publicKey = createPublicKey({ key: parts, format: "jwk" });
  const kid = await calculateJwkThumbprint(parts);
  return { publicKey, jwk: { ...parts, kid, alg: "EdDSA", use: "sig" } };
};
