import { generateKeyPairSync, sign } from "node:crypto";
import {
  identityHeader,
  identityToken,
  type Identity,
  type Role,
} from "@jatra/contracts/identity.ts";

export type TestPerson = {
  readonly userId: string;
  readonly role?: Role;
  readonly name?: string;
  readonly email?: string;
};

/** The gateway's key pair of this process. */
const { publicKey, privateKey } = generateKeyPairSync("ed25519");

/** For `createIdentityVerifier` and `IDENTITY_PUBLIC_KEY`: base64 of the SPKI DER. */
export const testIdentityPublicKey = publicKey
  .export({ type: "spki", format: "der" })
  .toString("base64");

/** For `INTERNAL_TOKEN`. */
export const testInternalToken = "test-internal-token";
export const internalHeaders = { authorization: `Bearer ${testInternalToken}` } as const;

/** A person as the gateway vouches for them: the signed `X-Jatra-Identity`, good for five minutes. */
export const testIdentity = (
  person: TestPerson,
): { readonly headers: Record<string, string>; readonly publicKey: string } => ({
  headers: { [identityHeader]: signedIdentity(withDefaults(person)) },
  publicKey: testIdentityPublicKey,
});

const withDefaults = (person: TestPerson): Identity => ({
  userId: person.userId,
  role: person.role ?? "customer",
  name: person.name ?? "Test Passenger",
  email: person.email ?? "passenger@example.com",
});

const signedIdentity = ({ userId, role, name, email }: Identity): string => {
  const issuedAt = Math.floor(Date.now() / 1000);
  const header = { alg: "EdDSA", typ: "JWT" };
  const payload = {
    iss: identityToken.issuer,
    aud: identityToken.audience,
    sub: userId,
    role,
    name,
    email,
    iat: issuedAt,
    exp: issuedAt + 300,
  };
  const signed = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString("base64url")}`;
};
