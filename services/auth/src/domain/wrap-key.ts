import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Sizes that NIST SP 800-38D recommends for GCM. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a signing key for the database: nonce, tag, ciphertext. `kid` is authenticated with it, so that a row
 * can't be exchanged for another. `wrappingKey` is 32 bytes.
 */
export const wrapKey = (plain: Buffer, kid: string, wrappingKey: Buffer): Buffer => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", wrappingKey, nonce);
  cipher.setAAD(Buffer.from(kid));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
};

/** Throws when the bytes were changed, belong to another kid or to another wrapping key. */
export const unwrapKey = (wrapped: Buffer, kid: string, wrappingKey: Buffer): Buffer => {
  const nonce = wrapped.subarray(0, NONCE_BYTES);
  const tag = wrapped.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", wrappingKey, nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(kid));
  decipher.setAuthTag(tag);
  const ciphertext = wrapped.subarray(NONCE_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
};
