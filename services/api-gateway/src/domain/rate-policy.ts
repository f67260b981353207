import type { Quota } from "./sliding-window.ts";

/** One limit: its name in the RateLimit headers, and what it allows. */
export type RatePolicy = { readonly name: string; readonly quota: Quota };

/** What one request takes of: a policy, and whose share of it. */
export type RateClaim = { readonly policy: RatePolicy; readonly key: string };

export type RatePolicies = {
  readonly address: RatePolicy;
  readonly user: RatePolicy;
  /** By operationId. */
  readonly operations: ReadonlyMap<string, RatePolicy>;
};

export const SECOND_MS = 1_000;

export const ratePolicies = (limits: {
  readonly requestsPerSecond: number;
  readonly userRequestsPerSecond: number;
  readonly operations: Readonly<
    Record<string, { readonly requests: number; readonly windowSeconds: number }>
  >;
}): RatePolicies => ({
  address: policy("address", limits.requestsPerSecond, 1),
  user: policy("user", limits.userRequestsPerSecond, 1),
  operations: new Map(
    Object.entries(limits.operations).map(([name, { requests, windowSeconds }]) => [
      name,
      policy(name, requests, windowSeconds),
    ]),
  ),
});

const policy = (name: string, limit: number, seconds: number): RatePolicy => ({
  name,
  quota: { limit, windowMs: seconds * SECOND_MS },
});

export const addressClaim = ({ address }: RatePolicies, network: string): RateClaim => ({
  policy: address,
  key: `address:${network}`,
});

/** What a request takes beside its address's share: its user's, and that of the operation where it has a limit of its own. */
export const furtherClaims = (
  { user, operations }: RatePolicies,
  request: {
    readonly network: string;
    readonly userId: string | undefined;
    readonly operationId: string | undefined;
  },
): readonly RateClaim[] => {
  const { network, userId, operationId } = request;
  const who = userId === undefined ? `address:${network}` : `user:${userId}`;
  const claims: RateClaim[] = userId === undefined ? [] : [{ policy: user, key: who }];
  const own = operationId === undefined ? undefined : operations.get(operationId);
  if (own) claims.push({ policy: own, key: `operation:${own.name}:${who}` });
  return claims;
};
