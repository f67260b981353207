import { decodeCursor } from "@jatra/common/http/cursor.ts";
import { cutPage } from "@jatra/common/http/cut-page.ts";
import type { PageCache } from "@jatra/common/http/page-cache.ts";
import type { Reply } from "@jatra/common/http/reply.ts";
import { z } from "zod";

type Page = { readonly cursor?: string | undefined; readonly limit: number };

/** One page of a list that is sorted by id, from the cache of serialised pages: `{<name>: […], nextCursor}`. */
export const listPage = async (
  lists: PageCache,
  name: string,
  { cursor, limit }: Page,
  load: (after: string, limit: number) => Promise<readonly { readonly id: string }[]>,
): Promise<Reply> => {
  // Checked before the cache is asked, so that made-up cursors can't fill it.
  const after = decodeCursor(cursor, z.string().max(64)) ?? "";
  return lists.page(JSON.stringify([name, after, limit]), async () => {
    const rows = await load(after, limit + 1);
    const { shown, nextCursor } = cutPage(rows, limit, ({ id }) => id);
    return { [name]: shown, nextCursor };
  });
};
