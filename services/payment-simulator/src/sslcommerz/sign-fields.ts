import { createHash } from "node:crypto";

/**
 * Adds `verify_key` (the names of all fields) and `verify_sign`: the MD5 of `name=value` pairs joined by `&`, sorted by
 * name, with `store_passwd` (itself an MD5) among them. MD5 is SSLCommerz's choice; merchants must validate by a call of their own.
 */
export const signFields = (
  fields: Readonly<Record<string, string>>,
  storePassword: string,
): Record<string, string> => ({
  ...fields,
  verify_key: Object.keys(fields).join(","),
  verify_sign: md5(
    Object.entries({ ...fields, store_passwd: md5(storePassword) })
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join("&"),
  ),
});

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
