import type { Operation } from "@jatra/contracts/operation.ts";

/** The one operation that a guest may begin with; without guest holds it needs an account. */
const GUEST_HOLD = "acquireLock";

/** Services with sign-in and refresh: there a stale access token is what the request is about to replace. */
const TOKEN_BLIND_SERVICE = "auth";

export const readsTokens = (service: string): boolean => service !== TOKEN_BLIND_SERVICE;

/**
 * Whether nobody without a token may call this, so that the gateway can say so at once. Roles are the services' matter: they
 * have the last word on access in any case.
 */
export const needsToken = (operation: Operation | undefined, guestHolds: boolean): boolean => {
  if (!operation) return false;
  if (operation.access === "optional") return operation.operationId === GUEST_HOLD && !guestHolds;
  return operation.access !== "public";
};
