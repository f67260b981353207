import { setTimeout as delay } from "node:timers/promises";
import type { History, Operation } from "./history.ts";
import { stationsOf } from "./service-store.ts";
import type { SeatAnswer, SeatCommand, SeatStore } from "./seat-commands.ts";

/** Where an operation belongs, and how long its client waits: `undefined` for as long as it takes. */
export type Caller = {
  readonly client: number;
  readonly journey: string;
  readonly patienceMs?: number | undefined;
};
export type Place = {
  readonly seats: readonly string[];
  readonly fromSeq: number;
  readonly toSeq: number;
};
export type Hold = {
  readonly lock: string;
  readonly userId: string;
  readonly endsAtMs: number;
};

export type Recorder = {
  readonly acquire: (
    caller: Caller,
    place: Place,
    ttlSeconds: number,
  ) => Promise<Hold | "refused" | "no answer">;
  readonly extend: (caller: Caller, hold: Hold, ttlSeconds: number) => Promise<Answer>;
  readonly release: (caller: Caller, hold: Hold) => Promise<Answer>;
  readonly read: (caller: Caller, hold: Hold) => Promise<Answer>;
  readonly pay: (caller: Caller, hold: Hold, bookingId: string) => Promise<Answer>;
  readonly sell: (caller: Caller, hold: Hold, bookingId: string) => Promise<Answer>;
  readonly free: (caller: Caller, hold: Hold, bookingId: string) => Promise<Answer>;
  readonly look: (caller: Caller, stretch: Omit<Place, "seats">) => Promise<Answer>;
  /** How many operations of a journey there are. */
  readonly count: (journey: string) => number;
  /** Users whose acquire got no answer: each has one lock or none. */
  readonly unanswered: () => readonly string[];
  /**
   * What was recorded, with the locks that those users turned out to have; whoever has none acquired nothing.
   * Throws where the wall clock was set meanwhile: then the ends of holds mean nothing.
   */
  readonly history: (refusals: History["refusals"], found: readonly FoundLock[]) => History;
};
export type FoundLock = {
  readonly userId: string;
  readonly lockId: string;
  readonly endsAt: Date;
};

/** `undefined`: no answer in time, or an error that leaves open what happened. */
export type Answer = SeatAnswer | undefined;

/** Of an event: a sale comes before the cancellation that frees its seats. */
const VERSIONS = { sell: 1, free: 2 } as const;
/** A clock that was set meanwhile, not one that was steered. */
const DRIFT_MAX_MS = 100;

/** Writes down each call that is made through it, with its interval and its answer; `ask` reaches some pod. */
export const createRecorder = (ask: SeatStore): Recorder => {
  const operations: Operation[] = [];
  const counts = new Map<string, number>();
  const offsetMs = wallAheadMs();
  const endOf = ({ endsAt }: Pick<SeatAnswer, "endsAt">): Pick<Operation, "end"> =>
    endsAt === undefined ? {} : { end: Math.round((Date.parse(endsAt) - offsetMs) * 1000) };
  /** Acquires without an answer, and whose. */
  const acquiring = new Map<Operation, string>();
  let acquired = 0;

  const call = async (
    { client, journey, patienceMs }: Caller,
    command: SeatCommand,
    about: Partial<Operation>,
  ): Promise<Answer> => {
    counts.set(journey, (counts.get(journey) ?? 0) + 1);
    const begun = micros();
    const answer = await patiently(ask(command), patienceMs);
    const shared = { client, journey, kind: command.kind, call: begun, ...about };
    if (answer === undefined) {
      const operation = { ...shared, return: null };
      operations.push(operation);
      if (command.kind === "acquire") acquiring.set(operation, command.userId);
      return undefined;
    }
    operations.push({ ...shared, return: micros(), ...toldBy(answer), ...endOf(answer) });
    return answer;
  };

  const asOwner =
    (kind: "release" | "read") =>
    (caller: Caller, { lock, userId }: Hold): Promise<Answer> =>
      call(caller, { kind, lockId: lock, userId }, { lock });
  const byBooking =
    (kind: "sell" | "free") =>
    (caller: Caller, { lock }: Hold, bookingId: string): Promise<Answer> => {
      const command = { kind, lockId: lock, bookingId, bookingVersion: VERSIONS[kind] };
      return call(caller, command, { lock, booking: bookingId });
    };

  return {
    acquire: async (caller, place, ttlSeconds) => {
      // Another user each time: so it can be found out what became of an acquire without an answer.
      acquired += 1;
      const userId = `client-${caller.client}-${acquired}`;
      const command = {
        kind: "acquire",
        journeyId: caller.journey,
        userId,
        seatIds: place.seats,
        ...stationsOf(place.fromSeq, place.toSeq),
        ttlSeconds,
      } as const;
      const answer = await call(caller, command, { ...place, ttl: ttlSeconds * 1e6 });
      if (answer === undefined) return "no answer";
      if (answer.lockId === undefined || answer.endsAt === undefined) return "refused";
      return { lock: answer.lockId, userId, endsAtMs: Date.parse(answer.endsAt) };
    },
    extend: (caller, { lock, userId }, ttlSeconds) => {
      const command = { kind: "extend", lockId: lock, userId, ttlSeconds } as const;
      return call(caller, command, { lock, ttl: ttlSeconds * 1e6 });
    },
    release: asOwner("release"),
    read: asOwner("read"),
    pay: (caller, { lock, userId }, bookingId) => {
      const command = { kind: "pay", lockId: lock, userId, bookingId } as const;
      return call(caller, command, { lock, booking: bookingId });
    },
    sell: byBooking("sell"),
    free: byBooking("free"),
    look: (caller, stretch) =>
      call(caller, { kind: "look", journeyId: caller.journey, ...stretch }, stretch),
    count: (journey) => counts.get(journey) ?? 0,
    unanswered: () => [...acquiring.values()],
    history: (refusals, found) => {
      const driftMs = Math.abs(wallAheadMs() - offsetMs);
      if (driftMs > DRIFT_MAX_MS) throw new Error(`the wall clock was set by ${driftMs} ms`);
      const lockOf = new Map(found.map((lock) => [lock.userId, lock]));
      const settle = (operation: Operation, userId: string): Operation => {
        const lock = lockOf.get(userId);
        if (lock === undefined) return { ...operation, outcome: "nothing" };
        const end = endOf({ endsAt: lock.endsAt.toISOString() });
        return { ...operation, outcome: "ok", lock: lock.lockId, ...end };
      };
      const settled = operations.map((operation) => {
        const userId = acquiring.get(operation);
        return userId === undefined ? operation : settle(operation, userId);
      });
      return { refusals, clockError: Math.ceil(driftMs * 1000), operations: settled };
    },
  };
};

/** What an answer says of an operation, but for the hold's end. */
const toldBy = ({ outcome, lockId, failedSeat, taken }: SeatAnswer): Partial<Operation> => ({
  outcome,
  ...(lockId === undefined ? {} : { lock: lockId }),
  ...(failedSeat === undefined ? {} : { failedSeat }),
  ...(taken === undefined ? {} : { taken }),
});

const micros = (): number => Math.round(performance.now() * 1000);

/** Wall clock against monotonic clock: the service tells ends in the first, intervals are measured with the second. */
const wallAheadMs = (): number => {
  let ahead = -Infinity;
  // The wall clock shows whole milliseconds, so the greatest of some differences comes nearest.
  const until = performance.now() + 5;
  while (performance.now() < until) ahead = Math.max(ahead, Date.now() - performance.now());
  return ahead;
};

const patiently = async (
  asked: Promise<SeatAnswer>,
  patienceMs: number | undefined,
): Promise<Answer> => {
  const answer = asked.catch(() => undefined);
  if (patienceMs === undefined) return answer;
  return Promise.race([answer, delay(patienceMs, undefined)]);
};
