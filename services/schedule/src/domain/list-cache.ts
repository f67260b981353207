import { LRUCache } from "lru-cache";

/** Two seconds old at most: what an admin changes at another pod shows here that soon, and a crowd asks the database once. */
const TTL_MS = 2_000;
/** Pages by cursor and limit; a page is at most some 100 kB. */
const PAGES_MAX = 100;

export type ListCache = {
  /** The bytes of a page, from `load` at most once in the cache's time, however many ask at once. */
  readonly page: (key: string, load: () => Promise<unknown>) => Promise<Buffer>;
  /** Forgets all pages: whoever changed something through this pod sees it at once. */
  readonly clear: () => void;
};

/** Serialised list pages. Promises are kept, so that callers at the same time share one query; a failed one is dropped. */
export const createListCache = (ttlMs = TTL_MS): ListCache => {
  const pages = new LRUCache<string, Promise<Buffer>>({ max: PAGES_MAX, ttl: ttlMs });
  return {
    page: async (key, load) => {
      const known = pages.get(key);
      if (known) return known;
      const made = load().then((body) => Buffer.from(JSON.stringify(body)));
      pages.set(key, made);
      made.catch(() => {
        if (pages.peek(key) === made) pages.delete(key);
      });
      return made;
    },
    clear: () => pages.clear(),
  };
};
