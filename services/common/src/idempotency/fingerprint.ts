import { createHash } from "node:crypto";

/** SHA-256 over path parameters and the body's bytes: the same key with anything else is another request. */
export const fingerprintOf = (params: unknown, body: Buffer): string =>
  createHash("sha256")
    .update(JSON.stringify(params ?? {}))
    .update("\n")
    .update(body)
    .digest("hex");

/** A stable key from named parts, for requests without a client's key: `generateKey("payment", {userId, …})`. */
export const generateKey = (
  purpose: string,
  parts: Readonly<Record<string, string | number>>,
): string => {
  const sorted = Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([purpose, sorted]))
    .digest("hex");
};
