import { bind, type Route } from "@jatra/common/http/bind.ts";
import { decodeCursor } from "@jatra/common/http/cursor.ts";
import { cutPage } from "@jatra/common/http/cut-page.ts";
import { ok } from "@jatra/common/http/reply.ts";
import { listNotifications } from "@jatra/contracts/http/notification.ts";
import { timestampSchema } from "@jatra/contracts/primitives.ts";
import type pg from "pg";
import { z } from "zod";
import { listNotificationsOf } from "../data/list-notifications.ts";

const keySchema = z.tuple([timestampSchema, z.uuid()]);

export const notificationRoutes = (pool: pg.Pool): readonly Route[] => [
  bind(listNotifications, async ({ identity, query }) => {
    const before = decodeCursor(query.cursor, keySchema);
    // One more than asked for tells whether there is another page.
    const found = await listNotificationsOf(pool, identity.userId, before, query.limit + 1);
    const { shown, nextCursor } = cutPage(found, query.limit, ({ key }) => key);
    return ok({ notifications: shown.map(({ view }) => view), nextCursor });
  }),
];
