import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { PublicKey } from "@jatra/contracts/key-set.ts";
import { unwrapKey, wrapKey } from "./wrap-key.ts";

/** A key as it is stored: the private half wrapped. */
export type StoredKey = {
  readonly kid: string;
  readonly publicKey: PublicKey;
  readonly wrappedPrivateKey: Buffer;
};

/** Makes a key pair; its kid is the thumbprint of the public half (RFC 7638), so it can't clash. */
export const makeSigningKey = (wrappingKey: Buffer): StoredKey => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const { x } = publicKey.export({ format: "jwk" });
  if (x === undefined) throw new Error("an Ed25519 key without x");
  const kid = thumbprint(x);
  const der = privateKey.export({ format: "der", type: "pkcs8" });
  return {
    kid,
    publicKey: { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" },
    wrappedPrivateKey: wrapKey(der, kid, wrappingKey),
  };
};

export const openPrivateKey = (stored: StoredKey, wrappingKey: Buffer): KeyObject =>
  createPrivateKey({
    key: unwrapKey(stored.wrappedPrivateKey, stored.kid, wrappingKey),
    format: "der",
    type: "pkcs8",
  });

const thumbprint = (x: string): string =>
  createHash("sha256")
    .update(JSON.stringify({ crv: "Ed25519", kty: "OKP", x }))
    .digest("base64url");
