import type { IncomingHttpHeaders } from "node:http";
import { Problem } from "../http/problem.ts";

/** Stripe's and our limit; a UUID needs 36. */
const KEY_LENGTH_MAX = 255;

/**
 * The client's key, bare or as a quoted string (the IETF draft's form; both name the same key). `undefined` where none
 * was sent and none is needed. Throws `idempotency_key_missing` or `idempotency_key_invalid`.
 */
export const idempotencyKeyOf = (
  headers: IncomingHttpHeaders,
  demand: "optional" | "required",
): string | undefined => {
  const header = headers["idempotency-key"];
  if (header === undefined) {
    if (demand === "optional") return undefined;
    throw new Problem("idempotency_key_missing");
  }
  const key = unquote(String(header).trim());
  const printable = /^[\x20-\x7e]+$/.test(key);
  if (!printable || key.length > KEY_LENGTH_MAX) throw new Problem("idempotency_key_invalid");
  return key;
};

const unquote = (text: string): string => {
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text);
  return quoted?.[1] === undefined ? text : quoted[1].replaceAll(/\\(["\\])/g, "$1");
};
