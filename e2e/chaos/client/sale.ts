import { setTimeout as delay } from "node:timers/promises";
import type { SalePlatform } from "../platform/sale-platform.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { buy, type Bought, type BuyerPlan } from "./buyer.ts";
import type { JourneySeats } from "./journey-seats.ts";

export type SaleSettings = {
  readonly journey: JourneySeats;
  /** At least so many; more while the time isn't over. */
  readonly buyers: number;
  readonly atLeastMs: number;
  /** How many buy at the same time. */
  readonly atOnce: number;
  /** Fewer seats, more fights for them. */
  readonly seats: number;
  readonly endings?: readonly BuyerPlan["simulate"][];
};

export type SaleResult = {
  readonly booked: number;
  readonly held: number;
  readonly refused: number;
  /** Requests that found no end in spite of all patience; each is a loss. */
  readonly failures: readonly string[];
};

/** As often as each: what a provider may do to a payment, the usual one more often. */
const usualEndings: readonly BuyerPlan["simulate"][] = [
  "approve",
  "approve",
  "approve",
  "decline",
  "slow",
  "timeout_after_charge",
  "error_then_approve",
  "duplicate_webhook",
];
const intentions: readonly BuyerPlan["intention"][] = [
  "book",
  "book",
  "book",
  "book",
  "abandon",
  "release",
  "cancel while paying",
  "cancel",
];
/** People look before they buy; the longest of them. */
const THINK_MS = 500;
/** A cancellation waits this long for its booking's end, in the middle of faults. */
const ENDED_WITHIN_MS = 90_000;

/** Lets clients buy, `atOnce` at a time; each its own user, fighting over few seats on overlapping stretches. */
export const runSale = async (
  platform: SalePlatform,
  settings: SaleSettings,
  onProgress: (done: number) => void = () => undefined,
): Promise<SaleResult> => {
  const results: (Bought | undefined)[] = [];
  const failures: string[] = [];
  const targets: string[] = [];
  const until = Date.now() + settings.atLeastMs;
  let started = 0;
  const untilEnded = (bookingId: string) => awaitEnd(platform, bookingId);
  const takeTurns = async (): Promise<void> => {
    while (started < settings.buyers || Date.now() < until) {
      const number = started;
      started += 1;
      await delay(Math.random() * THINK_MS);
      try {
        const bought = await buy(platform, planOf(settings, number, targets), untilEnded);
        results.push(bought);
        if (bought) targets.push(bought.bookingId ?? bought.lockId, bought.lockId);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
      onProgress(results.length + failures.length);
    }
  };
  await Promise.all(Array.from({ length: settings.atOnce }, takeTurns));
  return {
    booked: results.filter((bought) => bought?.bookingId !== undefined).length,
    held: results.filter((bought) => bought !== undefined).length,
    refused: results.filter((bought) => bought === undefined).length,
    failures,
  };
};

const planOf = (
  { journey, seats, endings = usualEndings }: SaleSettings,
  number: number,
  targets: readonly string[],
): BuyerPlan => {
  const legs = journey.stops.length - 1;
  const fromSeq = pick(legs);
  return {
    journey,
    seatIds: someSeats(journey.seatIds.slice(0, seats)),
    fromSeq,
    toSeq: fromSeq + 1 + pick(legs - fromSeq),
    // In turns, so that even a short sale has them all.
    simulate: endings[number % endings.length] ?? "approve",
    intention: intentions[pick(intentions.length)] ?? "book",
    hasty: pick(4) === 0,
    envies: pick(5) === 0 ? targets[pick(targets.length)] : undefined,
  };
};

/** One to three different ones, in any order. */
const someSeats = (seatIds: readonly string[]): string[] => {
  const chosen = new Set<string>();
  const count = 1 + pick(3);
  for (let tries = 0; chosen.size < count && tries < 10; tries += 1) {
    const seatId = seatIds[pick(seatIds.length)];
    if (seatId !== undefined) chosen.add(seatId);
  }
  return [...chosen];
};

const awaitEnd = async ({ databases }: SalePlatform, bookingId: string): Promise<void> => {
  await eventually(async () => {
    const { rows } = await databases.booking.pool.query(
      "SELECT 1 FROM bookings WHERE booking_id = $1 AND status NOT LIKE 'PAYMENT_P%'",
      [bookingId],
    );
    return rows.length > 0;
  }, ENDED_WITHIN_MS);
};

const pick = (below: number): number => Math.floor(Math.random() * below);
