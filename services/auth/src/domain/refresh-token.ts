import { createHash, randomBytes } from "node:crypto";

/** A session that isn't used for a month is over. */
export const REFRESH_TOKEN_DAYS = 30;
/** Whoever refreshes for ever still signs in again once in three months. */
export const FAMILY_DAYS = 90;

/** 256 bits: not to be guessed, so a plain hash is enough to store it. */
const TOKEN_BYTES = 32;

export const makeRefreshToken = (): { token: string; hash: Buffer } => {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  return { token, hash: hashRefreshToken(token) };
};

export const hashRefreshToken = (token: string): Buffer =>
  createHash("sha256").update(token).digest();
