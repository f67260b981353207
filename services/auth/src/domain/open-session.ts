import { randomUUID } from "node:crypto";
import type { Tokens } from "@jatra/contracts/http/auth.ts";
import type { Account } from "./account.ts";
import { ACCESS_TOKEN_SECONDS, type AccessTokenIssuer } from "./issue-access-token.ts";
import { makeRefreshToken } from "./refresh-token.ts";

export type NewSessions = {
  readonly open: (family: {
    readonly familyId: string;
    readonly userId: string;
    readonly tokenHash: Buffer;
  }) => Promise<void>;
};

export type SessionOpener = (account: Account) => Promise<Tokens>;

/** Starts a family of refresh tokens for somebody who has just proved who they are. */
export const createSessionOpener =
  (dependencies: {
    readonly sessions: NewSessions;
    readonly issueAccessToken: AccessTokenIssuer;
  }): SessionOpener =>
  async (account) => {
    const { token, hash } = makeRefreshToken();
    const accessToken = await dependencies.issueAccessToken(account);
    await dependencies.sessions.open({
      familyId: randomUUID(),
      userId: account.id,
      tokenHash: hash,
    });
    return tokensOf(account, accessToken, token);
  };

export const tokensOf = (account: Account, accessToken: string, refreshToken: string): Tokens => ({
  accessToken,
  refreshToken,
  tokenType: "Bearer",
  expiresIn: ACCESS_TOKEN_SECONDS,
  user: { id: account.id, name: account.name, role: account.role },
});
