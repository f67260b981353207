import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { created, noContent, ok } from "@jatra/common/http/reply.ts";
import * as contract from "@jatra/contracts/http/user.ts";
import * as passengers from "../data/passenger-store.ts";
import { readProfile } from "../data/profile-store.ts";

/** Saved passengers of the caller; another user's are as if they weren't there. */
export const passengerRoutes = (pool: pg.Pool): readonly Route[] => [
  bind(contract.listPassengers, async ({ identity }) =>
    ok({ passengers: await passengers.listPassengers(pool, identity.userId) }),
  ),
  bind(contract.savePassenger, async ({ identity, body }) => {
    const saved = await inTransaction(pool, async (transaction) => {
      await readProfile(transaction, identity);
      const max = contract.SAVED_PASSENGERS_MAX;
      return passengers.addPassenger(transaction, identity.userId, body, max);
    });
    if (!saved) {
      const detail = `There are ${contract.SAVED_PASSENGERS_MAX} saved passengers already.`;
      throw new Problem("conflict", { detail });
    }
    return created(`/api/users/me/passengers/${saved.passengerId}`, saved);
  }),
  bind(contract.getPassenger, async ({ identity, params }) =>
    ok(present(await passengers.findPassenger(pool, identity.userId, params.passengerId))),
  ),
  bind(contract.replacePassenger, async ({ identity, params, body }) =>
    ok(present(await passengers.replacePassenger(pool, identity.userId, params.passengerId, body))),
  ),
  bind(contract.deletePassenger, async ({ identity, params }) => {
    const was = await passengers.deletePassenger(pool, identity.userId, params.passengerId);
    if (!was) throw new Problem("not_found");
    return noContent();
  }),
];

const present = (passenger: contract.SavedPassenger | undefined): contract.SavedPassenger => {
  if (!passenger) throw new Problem("not_found");
  return passenger;
};
