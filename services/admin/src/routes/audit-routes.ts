import type pg from "pg";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { decodeCursor } from "@jatra/common/http/cursor.ts";
import { cutPage } from "@jatra/common/http/cut-page.ts";
import { ok } from "@jatra/common/http/reply.ts";
import { listAudit } from "@jatra/contracts/http/admin.ts";
import { z } from "zod";
import { listEntries } from "../data/audit-store.ts";

const keySchema = z.string().regex(/^[0-9]{1,18}$/);

/** The audit log, read only. */
export const auditRoutes = ({ pool }: { readonly pool: pg.Pool }): Route[] => [
  bind(listAudit, async ({ query }) => {
    const { userId, action, outcome, limit } = query;
    const before = decodeCursor(query.cursor, keySchema);
    const found = await listEntries(pool, { userId, action, outcome, before, limit: limit + 1 });
    const { shown, nextCursor } = cutPage(found, limit, ({ id }) => id);
    return ok({ entries: shown, nextCursor });
  }),
];
