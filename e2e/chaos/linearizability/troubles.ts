import { again } from "../faults/again.ts";
import { cutFor } from "../faults/cut-link.ts";
import type { History } from "./history.ts";
import type { SeatStage } from "./seat-stage.ts";

/** What goes wrong while a history is recorded. */
export type Trouble = {
  readonly name: string;
  readonly refusals: History["refusals"];
  /** Until `signal`; leaves everything running. Answers how often it was done. */
  readonly inject: (stage: SeatStage, signal: AbortSignal) => Promise<number>;
};

/** Clients lose patience in every history; here nothing else happens. */
export const calm: Trouble = { name: "none", refusals: "strict", inject: async () => 0 };

export const forgetfulRedis: Trouble = {
  name: "Redis FLUSHALL, again and again",
  refusals: "strict",
  inject: (stage, signal) =>
    again(signal, [5, 60], async () => {
      await stage.redis.redis.flushdb();
    }),
};

/** Short: each call that stays open makes the history harder to decide. */
const AWAY_MS = 30;

const cutPostgres: Trouble = {
  name: "connections to PgBouncer cut at random points",
  // A marker whose lock was let go by a call that never heard of it stays until its time is over.
  refusals: "free",
  inject: ({ links }, signal) =>
    again(signal, [300, 1_500], () => cutFor(links.postgres, AWAY_MS, signal)),
};

const cutRedis: Trouble = {
  name: "connections to Redis cut at random points",
  refusals: "free",
  inject: ({ links }, signal) =>
    again(signal, [300, 2_000], () => cutFor(links.redis, AWAY_MS, signal)),
};

const killPods: Trouble = {
  name: "kill -9 of a pod, again and again",
  refusals: "free",
  inject: ({ pods }, signal) =>
    again(signal, [200, 800], async () => {
      await pods[Math.floor(Math.random() * pods.length)]?.killAndRestart();
    }),
};

/** The long form's histories, in its order. */
export const troubles: readonly Trouble[] = [calm, forgetfulRedis, cutPostgres, cutRedis, killPods];
