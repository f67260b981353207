import { SECOND_MS, type RatePolicy } from "./rate-policy.ts";
import type { Standing } from "./sliding-window.ts";

/** What is known of a client's share of one policy after its request. */
export type PolicyStanding = Standing & { readonly policy: RatePolicy };

/** RateLimit-Policy and RateLimit of draft-ietf-httpapi-ratelimit-headers-10, as a flat list; an item for each policy. */
export const rateHeaders = (standings: readonly PolicyStanding[]): readonly string[] => {
  if (standings.length === 0) return [];
  let policies = "";
  let quotas = "";
  for (const { policy, remaining, retryMs } of standings) {
    const separator = policies === "" ? "" : ", ";
    const { limit, windowMs } = policy.quota;
    policies += `${separator}"${policy.name}";q=${limit};w=${windowMs / SECOND_MS}`;
    const seconds = remaining > 0 ? windowMs / SECOND_MS : wholeSeconds(retryMs);
    quotas += `${separator}"${policy.name}";r=${remaining};t=${seconds}`;
  }
  return ["RateLimit-Policy", policies, "RateLimit", quotas];
};

/** What Retry-After says: rounded up, since a second too early would be refused again. */
export const wholeSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / SECOND_MS));
