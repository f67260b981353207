import { LRUCache } from "lru-cache";
import { SIGNED_SECONDS, type IdentitySigner } from "./identity-signer.ts";

const ENTRIES = 5_000;
const REUSE_MS = (SIGNED_SECONDS - 60) * 1000;

/** The signed address of a client, for auth's lock-out; kept, since a crowd behind one address signs in together. */
export const createAddressTokens = (
  signer: IdentitySigner,
): ((address: string) => Promise<string>) => {
  const tokens = new LRUCache<string, string>({ max: ENTRIES, ttl: REUSE_MS });
  return async (address) => {
    const known = tokens.get(address);
    if (known !== undefined) return known;
    const token = await signer.clientAddress(address);
    tokens.set(address, token);
    return token;
  };
};
