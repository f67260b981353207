import { createHash, timingSafeEqual } from "node:crypto";

/**
 * Whether an IPN is SSLCommerz's: `verify_sign` is the MD5 of the fields that `verify_key` names and of the store password's own MD5 as
 * `store_passwd`, sorted by name, as `name=value` joined by `&`. MD5 over a shared secret is weak, so this only keeps noise
 * away: what an IPN says is believed after a validation call alone.
 */
export const isSignedBySslcommerz = (
  fields: ReadonlyMap<string, string>,
  storePassword: string,
): boolean => {
  const sign = fields.get("verify_sign");
  const key = fields.get("verify_key");
  if (sign === undefined || key === undefined) return false;
  const signed = new Map([["store_passwd", md5(storePassword)]]);
  for (const name of key.split(",")) {
    const value = fields.get(name);
    if (value !== undefined && name !== "store_passwd") signed.set(name, value);
  }
  // All that is acted on must be covered by the signature.
  if (!["tran_id", "status"].every((name) => signed.has(name))) return false;
  const text = [...signed]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const expected = Buffer.from(md5(text));
  const given = Buffer.from(sign);
  return given.length === expected.length && timingSafeEqual(given, expected);
};

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
