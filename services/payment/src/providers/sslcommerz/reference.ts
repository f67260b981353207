/**
 * SSLCommerz allows 30 characters where a UUID has 36: its 16 bytes in base64url are 22, reversible, and as unique as
 * the UUID.
 */
export const toReference = (uuid: string): string =>
  Buffer.from(uuid.replaceAll("-", ""), "hex").toString("base64url");

/** `undefined` for a text that no UUID of ours gives. */
export const fromReference = (reference: string): string | undefined => {
  const hex = Buffer.from(reference, "base64url").toString("hex");
  const groups = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex);
  return groups?.slice(1).join("-");
};
