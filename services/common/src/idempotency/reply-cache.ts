import { createHash } from "node:crypto";
import type { Redis } from "../redis/client.ts";
import type { IdempotentRequest } from "./idempotency-engine.ts";
import {
  fromCachedReply,
  parseCachedReply,
  toCachedReply,
  type StoredReply,
} from "./stored-reply.ts";

/**
 * `idempotency:client:<key>` or `idempotency:server:<hash>`; the second name is for a request whose key another user or
 * operation already uses under the first. The lock always carries the scope.
 */
export const cacheNames = (
  request: IdempotentRequest,
): { readonly plain: string; readonly scoped: string; readonly lock: string } => {
  const plain = `idempotency:${request.origin}:${request.key}`;
  const scope = createHash("sha256")
    .update(JSON.stringify([request.userId, request.operationId]))
    .digest("hex")
    .slice(0, 16);
  return {
    plain,
    scoped: `${plain}:${scope}`,
    lock: `idempotency:lock:${scope}:${request.origin}:${request.key}`,
  };
};

/** A copy of the row, if one of the two names holds this scope's. */
export const readCache = async (
  redis: Redis,
  request: IdempotentRequest,
): Promise<StoredReply | undefined> => {
  const { plain, scoped } = cacheNames(request);
  // Not MGET: in a Redis Cluster the two may live on two nodes. Both leave in one packet all the same.
  const texts = await Promise.all([redis.get(plain), redis.get(scoped)]);
  const own = texts.map(parseCachedReply).find((cached) => cached && isOwn(cached.scope, request));
  return own && fromCachedReply(own);
};

/** Takes the plain name if it is free or ours, else the one with the suffix. */
export const writeCache = async (
  redis: Redis,
  request: IdempotentRequest,
  reply: StoredReply,
  ttlSeconds: number,
): Promise<void> => {
  const { plain, scoped } = cacheNames(request);
  const scope = { userId: request.userId, operation: request.operationId };
  const text = JSON.stringify(toCachedReply(scope, reply));
  const taken = await redis.set(plain, text, "EX", ttlSeconds, "NX");
  if (taken === "OK") return;
  const holder = parseCachedReply(await redis.get(plain));
  if (holder && isOwn(holder.scope, request)) return;
  await redis.set(scoped, text, "EX", ttlSeconds);
};

const isOwn = (
  scope: { readonly userId: string; readonly operation: string },
  request: IdempotentRequest,
): boolean => scope.userId === request.userId && scope.operation === request.operationId;
