import { backoffMs } from "../messaging/backoff.ts";
import { PublishError } from "../messaging/publish-error.ts";

/** A row that the broker takes nowhere (unroutable, refused) is tried ever more rarely, so that it doesn't crowd out others. */
const POSTPONE_REFUSED = { firstMs: 500, maxMs: 30_000 } as const;
/** A row whose confirm got lost with the connection is due again soon, however long the broker was away. */
const POSTPONE_LOST = { firstMs: 500, maxMs: 2_000 } as const;

/** How long a row rests after a failed publish; `attempts` counts the tries so far. */
export const pauseSecondsAfter = (error: unknown, attempts: number): number => {
  const lost =
    error instanceof PublishError &&
    (error.failure === "disconnected" || error.failure === "timeout");
  return backoffMs(attempts, lost ? POSTPONE_LOST : POSTPONE_REFUSED) / 1000;
};
