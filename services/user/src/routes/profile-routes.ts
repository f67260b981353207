import type pg from "pg";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { ok } from "@jatra/common/http/reply.ts";
import * as contract from "@jatra/contracts/http/user.ts";
import { changeProfile, readProfile } from "../data/profile-store.ts";

export const profileRoutes = (pool: pg.Pool): readonly Route[] => [
  bind(contract.getProfile, async ({ identity }) => ok(await readProfile(pool, identity))),
  bind(contract.changeProfile, async ({ identity, body }) =>
    ok(await changeProfile(pool, identity, body)),
  ),
];
