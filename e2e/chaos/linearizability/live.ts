import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Caller, Hold, Place, Recorder } from "./create-recorder.ts";
import { seatIds, stations } from "./seat-commands.ts";

/** Seconds; short, so that holds run out while others wait for their seats. */
const TTL_SECONDS = { hold: 1, extension: 2 } as const;
/** How often a client loses patience, and after how long at most: in the middle of a call of some ms. */
const IMPATIENT = { share: 0.03, withinMs: 6 } as const;
const REST_MS = 4;
/**
 * Whoever got no answer waits a while. Each open call doubles what Porcupine has to look at: a crowd hammering at a store that
 * is away would leave a history that nobody can decide.
 */
const WARY_MS = 400;
/** Around a hold's end, where its clients race with time. */
const EDGE_MS = 15;

type Stage = { readonly recorder: Recorder; readonly hold: Hold; readonly caller: () => Caller };
type Fate = (stage: Stage) => Promise<unknown>;

/** One client of a journey: acquires and does something with each hold, until the journey has its operations. */
export const live = async (
  recorder: Recorder,
  { client, journey }: Caller,
  operations: number,
): Promise<void> => {
  const caller = (): Caller => ({ client, journey, patienceMs: somePatience() });
  while (recorder.count(journey) < operations) {
    await delay(Math.random() * REST_MS);
    if (chance(0.15)) await recorder.look(caller(), someStretch());
    const hold = await recorder.acquire(caller(), somePlace(), TTL_SECONDS.hold);
    if (hold === "no answer") await delay(Math.random() * WARY_MS);
    if (typeof hold !== "object") continue;
    const fate = fates[Math.floor(Math.random() * fates.length)];
    await fate?.({ recorder, hold, caller });
    if (chance(0.3)) await recorder.read(caller(), hold);
  }
};

const release: Fate = ({ recorder, hold, caller }) => recorder.release(caller(), hold);
const extend: Fate = ({ recorder, hold, caller }) =>
  recorder.extend(caller(), hold, TTL_SECONDS.extension);
const read: Fate = ({ recorder, hold, caller }) => recorder.read(caller(), hold);

/** Pays, and ends the payment in the given way; whatever happens, the seats are free in the end. */
const pay =
  (then: "sell" | "free"): Fate =>
  async ({ recorder, hold, caller }) => {
    const bookingId = randomUUID();
    await recorder.pay(caller(), hold, bookingId);
    if (then === "sell") await recorder.sell(caller(), hold, bookingId);
    if (then === "sell" && chance(0.5)) await recorder.look(caller(), someStretch());
    await freeForSure({ recorder, hold, caller }, bookingId);
  };

/** Nobody else ends a payment, so the client who gave up on it would keep the seats for good. */
const freeForSure = async ({ recorder, hold, caller }: Stage, booking: string): Promise<void> => {
  for (;;) {
    const { client, journey } = caller();
    const answer = await recorder.free({ client, journey }, hold, booking);
    if (answer !== undefined) return;
    await delay(50); // a pod or a store is on its way back
  }
};

/** Two bookings of one lock at the same time: one of them gets it. */
const payTwice: Fate = async (stage) => {
  const { recorder, hold, caller } = stage;
  const bookings = [randomUUID(), randomUUID()];
  await Promise.all(bookings.map((booking) => recorder.pay(caller(), hold, booking)));
  await Promise.all(bookings.map((booking) => recorder.sell(caller(), hold, booking)));
  for (const booking of bookings) await freeForSure(stage, booking);
};

const atOnce =
  (...some: readonly Fate[]): Fate =>
  (stage) =>
    Promise.all(some.map((fate) => fate(stage)));
const inTurn =
  (...some: readonly Fate[]): Fate =>
  async (stage) => {
    for (const fate of some) await fate(stage);
  };

/** Waits for the hold's end, give or take a little, and comes too late or just in time. */
const atTheEnd =
  (fate: Fate): Fate =>
  async (stage) => {
    await delay(stage.hold.endsAtMs - Date.now() + (Math.random() * 2 - 1) * EDGE_MS);
    await fate(stage);
  };

const abandon: Fate = async () => undefined;

const fates: readonly Fate[] = [
  release,
  release,
  inTurn(read, release, release),
  inTurn(extend, release),
  inTurn(extend, extend, read, release),
  pay("sell"),
  pay("sell"),
  pay("free"),
  payTwice,
  atOnce(release, pay("sell")),
  atOnce(extend, release),
  atOnce(extend, pay("free")),
  atOnce(extend, extend, read),
  atOnce(release, release, read),
  atTheEnd(extend),
  atTheEnd(release),
  atTheEnd(pay("sell")),
  atTheEnd(atOnce(extend, pay("free"), read)),
  abandon,
];

const someStretch = (): Omit<Place, "seats"> => {
  const legs = stations.length - 1;
  const fromSeq = Math.floor(Math.random() * legs);
  return { fromSeq, toSeq: fromSeq + 1 + Math.floor(Math.random() * (legs - fromSeq)) };
};

/** One or two seats on some of the legs. */
const somePlace = (): Place => {
  const shuffled = seatIds.toSorted(() => Math.random() - 0.5);
  return { seats: shuffled.slice(0, chance(0.6) ? 1 : 2), ...someStretch() };
};

const somePatience = (): number | undefined =>
  chance(IMPATIENT.share) ? Math.random() * IMPATIENT.withinMs : undefined;

const chance = (share: number): boolean => Math.random() < share;
