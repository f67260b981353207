import { createPrivateKey, createPublicKey, hkdfSync } from "node:crypto";

/** 24 bytes are 192 bits: out of reach of guessing, and 32 characters in base64url. */
const PASSWORD_BYTES = 24;

/** PKCS#8 DER of an Ed25519 key is this prefix and the 32 bytes of its seed (RFC 8410). */
const ED25519_PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * Bytes for one purpose out of the reconcile's random seed: the same seed and purpose give the
 * same bytes, which keeps everything above pure.
 */
export function deriveBytes(seed: Buffer, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", seed, Buffer.alloc(0), purpose, length));
}

/** A password of URL-safe characters only: it stands in connection URLs unescaped. */
export function derivePassword(seed: Buffer, purpose: string): string {
  return deriveBytes(seed, purpose, PASSWORD_BYTES).toString("base64url");
}

/** An Ed25519 private key: base64 of its PKCS#8 DER. */
export function deriveEd25519PrivateKey(seed: Buffer, purpose: string): string {
  return Buffer.concat([ED25519_PKCS8_PREFIX, deriveBytes(seed, purpose, 32)]).toString("base64");
}

/** The public half (base64 of the SPKI DER) of a private key as made above. */
export function ed25519PublicKeyOf(privateKey: string): string {
  const key = createPrivateKey({
    key: Buffer.from(privateKey, "base64"),
    format: "der",
    type: "pkcs8",
  });
  return createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64");
}
