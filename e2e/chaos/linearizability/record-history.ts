import { createRecorder, type FoundLock } from "./create-recorder.ts";
import type { History } from "./history.ts";
import { live } from "./live.ts";
import { openSeatStage, type SeatStage } from "./seat-stage.ts";
import type { Trouble } from "./troubles.ts";

export type Recording = {
  readonly journeys: number;
  /** Of each journey, at the same time. */
  readonly clients: number;
  /** Of each journey, at least. */
  readonly operations: number;
  readonly pods: number;
};

/** Lets clients fight over the few seats of some journeys while `trouble` goes on, and writes down all they saw. */
export const recordHistory = async (
  { journeys, clients, operations, pods }: Recording,
  trouble: Trouble,
): Promise<{ readonly history: History; readonly injected: number }> => {
  const journeyIds = Array.from({ length: journeys }, (_, index) => `journey-${index + 1}`);
  const stage = await openSeatStage({ store: "service", journeyIds }, pods);
  try {
    const recorder = createRecorder(stage.ask);
    const over = new AbortController();
    const injecting = trouble.inject(stage, over.signal);
    const people = journeyIds.flatMap((journey, index) =>
      Array.from({ length: clients }, (_, client) => ({
        journey,
        client: index * clients + client,
      })),
    );
    await Promise.all(people.map((one) => live(recorder, one, operations))).finally(() =>
      over.abort(),
    );
    const injected = await injecting;
    // Nobody works on any more: what these users have now is all that they ever got.
    await Promise.all(stage.pods.map((pod) => pod.stop()));
    const found = await findLocks(stage, recorder.unanswered());
    return { history: recorder.history(trouble.refusals, found), injected };
  } finally {
    await stage.close();
  }
};

const findLocks = async (
  { database }: SeatStage,
  userIds: readonly string[],
): Promise<FoundLock[]> => {
  const { rows } = await database.pool.query<FoundLock>(
    `SELECT user_id AS "userId", lock_id AS "lockId", expires_at AS "endsAt" FROM locks
     WHERE user_id = ANY ($1)`,
    [userIds],
  );
  return rows;
};
