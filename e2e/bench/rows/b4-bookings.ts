import { checkInvariants, isClean, showViolations } from "../invariants/check-invariants.ts";
import { closedLoop } from "../load/closed-loop.ts";
import { isFlat } from "../load/is-flat.ts";
import { showLatencies, summarize } from "../load/latencies.ts";
import { openLoop } from "../load/open-loop.ts";
import { cpuBetween, readCpu } from "../platform/cpu-time.ts";
import { startBookingPlatform, type BookingPlatform } from "../platform/start-booking-platform.ts";
import { showCost } from "../report/show-cost.ts";
import type { Bench, BenchOptions, Row } from "../row.ts";
import { startNaive } from "../variants/start-naive.ts";

/** Bookings a second; above India's published record, on two cores. */
const GOAL = 467;
const TIMES_THE_NAIVE = 3;
/** A provider in the same city. */
const PROVIDER_DELAY_MS = 50;
/** More than are on their way at once: nobody waits for a connection. */
const CONNECTIONS = 384;
/**
 * Buyers at a time while the capacity is sought: of ours most stand aside until the second is over after which a look is worth it.
 * More (1,024) or, for the naive variant, fewer (128) find no more of it.
 */
const IN_FLIGHT = 384;
/** The open loop runs below the capacity that the closed loop found, or its backlog would grow by definition. */
const SHARE_OF_CAPACITY = 0.85;
const published = [
  { name: "India, record minute of March 2020, on data centres, as published", value: 441 },
  { name: "China, 2015, on data centres, as published", value: 1_032 },
];

export const bookings: Bench = {
  id: "B4",
  title: "bookings from the search to CONFIRMED, all services, open loop",
  measure: async (options) => {
    const ours = await measureOurs(options);
    const naive = await measureNaive(options);
    return [toRow(ours, naive)];
  },
};

type Measured = Awaited<ReturnType<typeof measureOurs>>;

const measureOurs = async ({ brief, long, say }: BenchOptions) => {
  const shop = await startBookingPlatform({
    providerDelayMs: PROVIDER_DELAY_MS,
    connections: CONNECTIONS,
  });
  try {
    const capacity = await findCapacity(shop.buy, brief);
    const rate = capacity * SHARE_OF_CAPACITY;
    say(`closed loop: ${capacity.toFixed(0)} bookings/s; open loop at ${rate.toFixed(0)}/s`);
    await shop.settle();
    const durationMs = (brief ? 8 : long ? 300 : 60) * 1000;
    const run = await runOpenLoop(shop, rate, durationMs);
    await shop.settle();
    const violations = await checkInvariants(shop.platform, shop.client, shop.journal);
    const bookings = shop.journal.length;
    return { ...run, capacity, rate, durationMs, violations, bookings };
  } finally {
    await shop.stop();
  }
};

const findCapacity = async (
  buy: (index: number) => Promise<unknown>,
  brief: boolean,
): Promise<number> => {
  const times = { durationMs: brief ? 6_000 : 20_000, warmUpMs: brief ? 3_000 : 8_000 };
  const { perSecond } = await closedLoop({ inFlight: IN_FLIGHT, ...times, work: buy });
  // An open loop at no rate would look like a measurement.
  if (perSecond === 0) throw new Error("no booking ended within the window: is the machine busy?");
  return perSecond;
};

const runOpenLoop = async (shop: BookingPlatform, ratePerSecond: number, durationMs: number) => {
  const { processes } = shop.platform;
  const first = shop.journal.length;
  const backlog: number[] = [];
  const from = new Date();
  const before = await readCpu(processes);
  const result = await openLoop({
    ratePerSecond,
    durationMs,
    work: shop.buy,
    onSecond: async () => void backlog.push(await shop.countLive()),
  });
  const to = new Date(from.getTime() + durationMs);
  const perSecond = (await shop.countConfirmed(from, to)) / (durationMs / 1000);
  const cpu = cpuBetween(before, await readCpu(processes));
  const answers = summarize(shop.journal.slice(first).map(({ answerMs }) => answerMs));
  return { perSecond, result, backlog, cpu, answers };
};

const measureNaive = async ({ brief, say }: BenchOptions): Promise<number> => {
  const naive = await startNaive({
    providerDelayMs: PROVIDER_DELAY_MS,
    chargeOutside: false,
    connections: CONNECTIONS,
  });
  try {
    const perSecond = await findCapacity(naive.buy, brief);
    say(`naive variant, closed loop: ${perSecond.toFixed(0)} bookings/s`);
    return perSecond;
  } finally {
    await naive.stop();
  }
};

const toRow = (ours: Measured, naive: number): Row => {
  const { perSecond, result, rate, durationMs } = ours;
  const flat = isFlat(ours.backlog, rate);
  const whole = result.failed === 0 && isClean(ours.violations);
  return {
    id: "B4",
    what: "bookings from search to CONFIRMED, all services on this machine, one process each",
    value: perSecond,
    unit: "bookings/s",
    against: [
      { name: "naive: row locks, synchronous charge; its closed loop", value: naive },
      ...published,
    ],
    ratio: perSecond / naive,
    goal: `≥ ${GOAL}/s and ≥ ${TIMES_THE_NAIVE} × the naive variant, backlog flat, I1-I9 clean`,
    met: perSecond >= GOAL && perSecond >= TIMES_THE_NAIVE * naive && flat && whole,
    notes: [
      `open loop of ${durationMs / 1000} s at ${rate.toFixed(1)}/s (${SHARE_OF_CAPACITY} of the closed loop's ${ours.capacity.toFixed(1)}/s), one seat and leg each, provider ${PROVIDER_DELAY_MS} ms`,
      `${result.begun} begun, ${result.done} confirmed, ${result.failed} failed${result.firstFailure ? ` (first: ${result.firstFailure})` : ""}`,
      `search to CONFIRMED as a polling buyer sees it: ${showLatencies(result.latencies)}`,
      `POST /api/bookings: ${showLatencies(ours.answers)}`,
      `backlog ${flat ? "flat" : "GROWING"}: ${thinned(ours.backlog).join(", ")} live bookings`,
      `invariants over ${ours.bookings} bookings: ${showViolations(ours.violations)}`,
      ...showCost(ours.cpu, result.done),
    ],
  };
};

const thinned = (values: readonly number[]): readonly number[] => {
  const step = Math.max(1, Math.ceil(values.length / 12));
  return values.filter((_, index) => index % step === 0);
};
