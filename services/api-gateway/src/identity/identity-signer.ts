import { createPrivateKey, createPublicKey } from "node:crypto";
import { SignJWT } from "jose";
import { clientAddressToken, identityToken, type Identity } from "@jatra/contracts/identity.ts";

/** docs/architecture.md: at most five minutes. */
export const SIGNED_SECONDS = 5 * 60;

/** Signs what services believe: who is asking, and (for auth) from where. */
export type IdentitySigner = {
  readonly identity: (identity: Identity) => Promise<string>;
  readonly clientAddress: (address: string) => Promise<string>;
  /** Base64 of the SPKI DER: what services check with. */
  readonly publicKey: string;
};

/** `privateKeyBase64`: the PKCS#8 DER of an Ed25519 key. */
export const createIdentitySigner = (privateKeyBase64: string): IdentitySigner => {
  const key = createPrivateKey({
    key: Buffer.from(privateKeyBase64, "base64"),
    format: "der",
    type: "pkcs8",
  });
  const sign = async (
    subject: string,
    claims: Record<string, string>,
    token: { readonly issuer: string; readonly audience: string },
  ): Promise<string> =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "EdDSA" })
      .setSubject(subject)
      .setIssuer(token.issuer)
      .setAudience(token.audience)
      .setIssuedAt()
      .setExpirationTime(`${SIGNED_SECONDS}s`)
      .sign(key);
  return {
    identity: async ({ userId, ...claims }) => sign(userId, claims, identityToken),
    clientAddress: async (address) => sign(address, {}, clientAddressToken),
    publicKey: createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64"),
  };
};
