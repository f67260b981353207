import { Problem } from "@jatra/common/http/problem.ts";
import type { Tokens } from "@jatra/contracts/http/auth.ts";
import type { Account } from "./account.ts";
import type { AccessTokenIssuer } from "./issue-access-token.ts";
import { tokensOf } from "./open-session.ts";
import { hashRefreshToken, makeRefreshToken } from "./refresh-token.ts";

export type Rotation =
  | { readonly outcome: "rotated"; readonly account: Account }
  /** The token was used before: somebody has a copy, so its whole family has been revoked. */
  | { readonly outcome: "reused"; readonly userId: string; readonly familyId: string }
  | { readonly outcome: "invalid" };

export type RotatingSessions = {
  /** One transaction: the old token is used up and the new one takes its place, or nothing but a revocation happens. */
  readonly rotate: (oldHash: Buffer, newHash: Buffer) => Promise<Rotation>;
};

/**
 * New tokens for an unused refresh token, with the account's name and role of now. Throws `invalid_refresh_token`. A token
 * that comes a second time revokes its family: thief and owner can't be told apart, so both sign in again.
 */
export const refreshSession = async (
  dependencies: {
    readonly sessions: RotatingSessions;
    readonly issueAccessToken: AccessTokenIssuer;
    readonly onReuse: (reuse: { userId: string; familyId: string }) => void;
  },
  refreshToken: string,
): Promise<Tokens> => {
  const next = makeRefreshToken();
  const rotation = await dependencies.sessions.rotate(hashRefreshToken(refreshToken), next.hash);
  if (rotation.outcome === "reused") {
    dependencies.onReuse({ userId: rotation.userId, familyId: rotation.familyId });
  }
  if (rotation.outcome !== "rotated") throw new Problem("invalid_refresh_token");
  const accessToken = await dependencies.issueAccessToken(rotation.account);
  return tokensOf(rotation.account, accessToken, next.token);
};
