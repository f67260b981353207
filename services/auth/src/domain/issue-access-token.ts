import { accessToken } from "@jatra/contracts/identity.ts";
import { SignJWT } from "jose";
import type { Account } from "./account.ts";
import type { KeyRing } from "./key-ring.ts";

/** Short, since an access token can't be called back: after a logout or a change of role it lives no longer. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

export type AccessTokenIssuer = (account: Account) => Promise<string>;

/** Access tokens as docs/architecture.md («Identity») fixes them. */
export const createAccessTokenIssuer =
  (keyRing: KeyRing): AccessTokenIssuer =>
  async (account) => {
    const { kid, key } = keyRing.signingKey();
    return new SignJWT({ role: account.role, name: account.name, email: account.email })
      .setProtectedHeader({ alg: "EdDSA", kid, typ: "JWT" })
      .setSubject(account.id)
      .setIssuer(accessToken.issuer)
      .setAudience(accessToken.audience)
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
      .sign(key);
  };
