import { createHash, randomBytes } from "node:crypto";

/** 256 bits: nobody guesses it, whatever the rate. */
const TOKEN_BYTES = 32;

/** A fresh lock token for the client, base64url. We keep its hash only. */
export const createLockToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

/** SHA-256; no salt is needed, since the token is random and as long as the hash. */
export const hashLockToken = (token: string): Buffer => createHash("sha256").update(token).digest();
