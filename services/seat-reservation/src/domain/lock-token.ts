import { hash, randomFillSync } from "node:crypto";

/** 256 bits: nobody guesses it, whatever the rate. */
const TOKEN_BYTES = 32;

/** Random bytes are asked of the system for so many tokens at once: one by one they cost as much as parsing the request. */
const TOKENS_AHEAD = 128;
const ahead = Buffer.alloc(TOKEN_BYTES * TOKENS_AHEAD);
let usedBytes = ahead.length;

/** A fresh lock token for the client, base64url. We keep its hash only. */
export const createLockToken = (): string => {
  if (usedBytes === ahead.length) {
    randomFillSync(ahead);
    usedBytes = 0;
  }
  const bytes = ahead.subarray(usedBytes, (usedBytes += TOKEN_BYTES));
  const token = bytes.toString("base64url");
  // Nobody's token stays behind here.
  bytes.fill(0);
  return token;
};

/** SHA-256; no salt is needed, since the token is random and as long as the hash. */
export const hashLockToken = (token: string): Buffer => hash("sha256", token, "buffer");
