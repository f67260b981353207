import { setTimeout as delay } from "node:timers/promises";
import type { JourneySeats } from "../client/journey-seats.ts";
import { runSale, type SaleResult, type SaleSettings } from "../client/sale.ts";
import { checkInvariants } from "../invariants/check-invariants.ts";
import type { SalePlatform } from "../platform/sale-platform.ts";
import { readSnapshot } from "../reading/read-snapshot.ts";
import type { Snapshot } from "../reading/snapshot.ts";
import type { Fault } from "./fault.ts";

export type FaultResult = SaleResult & {
  readonly fault: string;
  readonly injected: number;
  readonly tries: number;
  /** Tries that got no answer or a 5xx and were asked again. */
  readonly unanswered: number;
  readonly confirmed: number;
  readonly seconds: number;
  /** What I1-I9 and the clients found lost; empty when nothing was. */
  readonly lost: readonly string[];
};

/**
 * Everything that was accepted has to end by then: the payment's deadline (45 s), the minute after which a lock in payment
 * asks what became of its booking, and a sweeper's turn after each.
 */
const SETTLE_WITHIN_MS = 150_000;
const LOOK_EVERY_MS = 500;
/** A buyer wants two on average, on a part of the way: many meet in one seat. */
const SEATS_A_BUYER = 1;

/** A sale with a fault going on, then quiet until everything has ended, then I1-I9 over all that the platform ever did. */
export const runFault = async (
  platform: SalePlatform,
  fault: Fault,
  sale: Pick<SaleSettings, "journey" | "buyers" | "atOnce" | "atLeastMs">,
  onProgress?: (done: number) => void,
): Promise<FaultResult> => {
  const startedMs = performance.now();
  const crashesBefore = crashesOf(platform);
  const triesBefore = platform.journal.entries.length;
  await fault.prepare?.(platform);
  const over = new AbortController();
  const injecting = fault.inject(platform, over.signal);
  const settings = { ...sale, seats: Math.max(6, Math.ceil(sale.buyers * SEATS_A_BUYER)) };
  const endings = fault.endings === undefined ? {} : { endings: fault.endings };
  const sell = fault.sell ?? runSale;
  const result = await sell(platform, { ...settings, ...endings }, onProgress).finally(() =>
    over.abort(),
  );
  const injected = await injecting;
  const { snapshot, violations } = await settle(platform, fault.check);
  await fault.repair?.(platform);
  const tries = platform.journal.entries.slice(triesBefore);
  return {
    ...result,
    fault: fault.name,
    injected,
    tries: tries.length,
    unanswered: tries.filter(({ status }) => status === null || status >= 500).length,
    confirmed: confirmedIn(snapshot, sale.journey),
    seconds: Math.round((performance.now() - startedMs) / 1000),
    lost: [
      ...violations,
      ...result.failures.map((failure) => `client: ${failure}`),
      ...moreThan(crashesBefore, crashesOf(platform)),
      // A fault that never came to pass proves nothing.
      ...(injected === 0 && fault.passive !== true ? ["the fault never came to pass"] : []),
    ],
  };
};

/** Looks until nothing is violated; what still is at the end of the time counts. */
export const settle = async (
  platform: SalePlatform,
  checkMore: Fault["check"] = () => [],
): Promise<{ readonly snapshot: Snapshot; readonly violations: readonly string[] }> => {
  const endsAt = Date.now() + SETTLE_WITHIN_MS;
  for (;;) {
    const snapshot = await readSnapshot(platform);
    const violations = [...checkInvariants(snapshot), ...checkMore(snapshot)];
    const holdsLeft = snapshot.locks.some(({ state }) => state === "HELD");
    if (violations.length === 0 && !holdsLeft) return { snapshot, violations };
    if (Date.now() > endsAt) return { snapshot, violations };
    await delay(LOOK_EVERY_MS);
  }
};

const moreThan = (before: readonly string[], after: readonly string[]): string[] => {
  const known = [...before];
  return after.filter((line) => {
    const index = known.indexOf(line);
    if (index >= 0) known.splice(index, 1);
    return index < 0;
  });
};

/** A line for each time that a service ended by itself. */
const crashesOf = ({ services }: SalePlatform): string[] =>
  Object.values(services).flatMap(({ name, crashes }) =>
    Array.from({ length: crashes() }, () => `${name} ended by itself`),
  );

const confirmedIn = ({ bookings }: Snapshot, { journeyId }: JourneySeats): number =>
  bookings.filter((booking) => booking.journeyId === journeyId && booking.confirmedAt !== null)
    .length;
