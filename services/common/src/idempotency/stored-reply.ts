import type { Reply } from "../http/reply.ts";
import { z } from "zod";

/** An answer as it is kept: what a repeat needs to be the same to the byte. */
export type StoredReply = {
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
};

/** A reply's bytes are fixed here, once, for the first answer as well as for every repeat. */
export const toStoredReply = (fingerprint: string, reply: Reply): StoredReply => {
  if (reply.raw) throw new Error("only JSON replies can be idempotent");
  return {
    fingerprint,
    status: reply.status,
    headers: reply.headers ?? {},
    body: reply.body === undefined ? null : Buffer.from(JSON.stringify(reply.body)),
  };
};

export const toReply = (stored: StoredReply, replayed: boolean): Reply => ({
  status: stored.status,
  headers: { ...stored.headers, ...(replayed ? { "Idempotent-Replayed": "true" } : {}) },
  ...(stored.body ? { raw: { bytes: stored.body, contentType: "application/json" } } : {}),
});

/** The cache's JSON: readable for people (`GET idempotency:client:…`), with the scope that it belongs to. */
const cachedSchema = z.object({
  scope: z.object({ userId: z.string(), operation: z.string() }),
  fingerprint: z.string(),
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  /** The body's text, not its value: bytes count. */
  body: z.string().nullable(),
});
export type CachedReply = z.infer<typeof cachedSchema>;

export const parseCachedReply = (text: string | null): CachedReply | undefined => {
  if (text === null) return undefined;
  try {
    return cachedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // Not ours, or damaged: the row knows better.
    return undefined;
  }
};

export const toCachedReply = (scope: CachedReply["scope"], stored: StoredReply): CachedReply => ({
  scope,
  fingerprint: stored.fingerprint,
  status: stored.status,
  headers: { ...stored.headers },
  body: stored.body?.toString("utf8") ?? null,
});

export const fromCachedReply = (cached: CachedReply): StoredReply => ({
  fingerprint: cached.fingerprint,
  status: cached.status,
  headers: cached.headers,
  body: cached.body === null ? null : Buffer.from(cached.body),
});
