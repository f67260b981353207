import { LRUCache } from "lru-cache";
import type { Reply } from "./reply.ts";

export type PageCache = {
  /** 200 with the JSON of what `load` answers, which is called at most once in the cache's time, however many ask at once. */
  readonly page: (key: string, load: () => Promise<unknown>) => Promise<Reply>;
  /** Forgets all pages: whoever changed something through this pod sees it at once. */
  readonly clear: () => void;
};

/**
 * Serialised answers that are the same for everybody and may be `ttlMs` old: a crowd that asks the same asks the database once. Promises
 * are kept, so that callers at the same time share one query; a failed one is dropped.
 */
export const createPageCache = (limits: {
  readonly ttlMs: number;
  readonly pagesMax: number;
}): PageCache => {
  const pages = new LRUCache<string, Promise<Reply>>({ max: limits.pagesMax, ttl: limits.ttlMs });
  return {
    page: async (key, load) => {
      const known = pages.get(key);
      if (known) return known;
      const made = load().then(replyOf);
      pages.set(key, made);
      made.catch(() => {
        if (pages.peek(key) === made) pages.delete(key);
      });
      return made;
    },
    clear: () => pages.clear(),
  };
};

const replyOf = (body: unknown): Reply => {
  const bytes = Buffer.from(JSON.stringify(body));
  return { status: 200, raw: { bytes, contentType: "application/json" } };
};
