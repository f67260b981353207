import { randomUUID } from "node:crypto";
import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { decodeCursor } from "@jatra/common/http/cursor.ts";
import { cutPage } from "@jatra/common/http/cut-page.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { created, ok } from "@jatra/common/http/reply.ts";
import * as contract from "@jatra/contracts/http/schedule.ts";
import { idSchema, timestampSchema } from "@jatra/contracts/primitives.ts";
import { z } from "zod";
import { findFare, insertFare, listFares } from "../data/fare-store.ts";

const keySchema = z.tuple([timestampSchema, idSchema]);

/** Fare versions, for admins. A price is changed by a new version; a journey keeps the one it was published with. */
export const fareRoutes = ({ pool }: { pool: pg.Pool }): Route[] => [
  bind(contract.listFares, async ({ query }) => {
    const fares = await listFares(pool, decodeCursor(query.cursor, keySchema), query.limit + 1);
    const keyOf = ({ createdAt, id }: (typeof fares)[number]) => [createdAt, id];
    const { shown, nextCursor } = cutPage(fares, query.limit, keyOf);
    return ok({ fares: shown, nextCursor });
  }),
  bind(contract.getFare, async ({ params }) => {
    const fare = await findFare(pool, params.id);
    if (!fare) throw new Problem("not_found");
    return ok(fare);
  }),
  bind(contract.createFare, async ({ body }) => {
    if (new Set(body.rates.map((rate) => rate.class)).size < body.rates.length) {
      throw new Problem("validation_failed", { detail: "body.rates: a class is there twice" });
    }
    const id = randomUUID();
    await inTransaction(pool, (transaction) => insertFare(transaction, id, body.rates));
    return created(`/api/fares/${id}`, await findFare(pool, id));
  }),
];
