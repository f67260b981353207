import { bind, type Route } from "@jatra/common/http/bind.ts";
import { noContent, ok } from "@jatra/common/http/reply.ts";
import { extendLock, getLock, releaseLock } from "@jatra/contracts/http/seat-reservation.ts";
import { extendLock as extend } from "../domain/extend-lock.ts";
import { toLock } from "../domain/lock-record.ts";
import { ownLock } from "../domain/own-lock.ts";
import { releaseLock as release } from "../domain/release-lock.ts";
import { callerOf } from "./caller.ts";
import type { RouteDependencies } from "./dependencies.ts";

/** What the owner of a lock may do with it. */
export const lockRoutes = (dependencies: RouteDependencies): Route[] => {
  const { locks, settings } = dependencies;
  return [
    bind(getLock, async (context) => {
      const caller = callerOf(context);
      return ok(toLock(ownLock(await locks.find(context.params.lockId), caller)));
    }),
    bind(releaseLock, async (context) => {
      const caller = callerOf(context);
      await release(dependencies, { lockId: context.params.lockId, caller });
      return noContent();
    }),
    bind(extendLock, async (context) => {
      const extended = await extend(dependencies, {
        lockId: context.params.lockId,
        caller: callerOf(context),
        ttlSeconds: context.body.ttlSeconds ?? settings.ttlSeconds,
        maxHoldSeconds: settings.maxHoldSeconds,
      });
      return ok(toLock(extended));
    }),
  ];
};
