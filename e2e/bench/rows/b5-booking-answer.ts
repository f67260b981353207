import { showLatencies, summarize, type Latencies } from "../load/latencies.ts";
import { openLoop } from "../load/open-loop.ts";
import { cpuBetween, readCpu } from "../platform/cpu-time.ts";
import { startBookingPlatform } from "../platform/start-booking-platform.ts";
import { showCost } from "../report/show-cost.ts";
import type { Bench, BenchOptions } from "../row.ts";
import { startNaive } from "../variants/start-naive.ts";

/** A slow provider; what waits for it inline shows. */
const PROVIDER_DELAY_MS = 3_000;
/** More than are on their way at once at half of B4's rate. */
const CONNECTIONS = 256;
const GOAL_MS = 200;
/** Where B4 has never been measured here. */
const RATE_UNKNOWN = 20;
/**
 * At the whole of B4's rate: as many bookings as B4 has behind it when it measures. What runs for its first thousands isn't compiled
 * yet and costs twice as much; a sale runs for hours.
 */
const WARM_UP_MS = 40_000;

/** The answer to a booking doesn't wait for the provider. */
export const bookingAnswer: Bench = {
  id: "B5",
  title: "answer to POST /api/bookings at half of B4's rate, provider at 3 s",
  measure: async (options) => {
    const b4 = options.measured("B4");
    const rate = b4 ? b4.value / 2 : RATE_UNKNOWN;
    const { cost, ...ours } = await measureOurs(rate, options);
    options.say(`ours at ${rate.toFixed(1)}/s: ${showLatencies(ours)}`);
    const { failed, firstFailure, ...inline } = await measureInline(rate, options);
    options.say(`inline: ${showLatencies(inline)}, ${failed} failed`);
    return [
      {
        id: "B5",
        what: `p99 of POST /api/bookings at ${rate.toFixed(1)} bookings/s, provider ${PROVIDER_DELAY_MS} ms`,
        value: ours.p99,
        unit: "ms",
        against: [
          { name: "payment inline, provider called outside transactions", value: inline.p99 },
        ],
        ratio: ours.p99 / inline.p99,
        goal: `p99 ≤ ${GOAL_MS} ms`,
        met: ours.p99 <= GOAL_MS,
        notes: [
          `${ours.count} answers: ${showLatencies(ours)}`,
          ...cost,
          `inline, ${inline.count} answers, of them ${failed} failures: ${showLatencies(inline)}`,
          ...(firstFailure === undefined ? [] : [`inline's first failure: ${firstFailure}`]),
          b4
            ? `half of B4's ${b4.value.toFixed(1)}/s`
            : "B4 has not been measured: a rate of its own",
        ],
      },
    ];
  },
};

const warmUpMs = (brief: boolean): number => (brief ? 3_000 : WARM_UP_MS);
const durationMs = (brief: boolean): number => (brief ? 6_000 : 30_000);

const measureOurs = async (
  rate: number,
  { brief }: BenchOptions,
): Promise<Latencies & { cost: readonly string[] }> => {
  const shop = await startBookingPlatform({
    providerDelayMs: PROVIDER_DELAY_MS,
    connections: CONNECTIONS,
  });
  try {
    await openLoop({ ratePerSecond: 2 * rate, durationMs: warmUpMs(brief), work: shop.buy });
    await shop.settle();
    const warm = shop.journal.length;
    const before = await readCpu(shop.platform.processes);
    const { done, failed, firstFailure } = await openLoop({
      ratePerSecond: rate,
      durationMs: durationMs(brief),
      work: shop.buy,
    });
    if (failed > 0) throw new Error(`${failed} bookings failed: ${firstFailure}`);
    const cost = showCost(cpuBetween(before, await readCpu(shop.platform.processes)), done);
    return { ...summarize(shop.journal.slice(warm).map(({ answerMs }) => answerMs)), cost };
  } finally {
    await shop.stop();
  }
};

/** A refusal is an answer too, of its own length: this variant is allowed to be too slow for the rate. */
const measureInline = async (
  rate: number,
  { brief }: BenchOptions,
): Promise<Latencies & { failed: number; firstFailure: string | undefined }> => {
  const naive = await startNaive({
    providerDelayMs: PROVIDER_DELAY_MS,
    chargeOutside: true,
    // More of them: each waits for the provider.
    connections: 4 * CONNECTIONS,
  });
  try {
    const times: number[] = [];
    const run = (durationMs: number) =>
      openLoop({
        ratePerSecond: rate,
        durationMs,
        work: async (index) => {
          const beganMs = performance.now();
          try {
            times.push(await naive.buy(index));
          } catch (error) {
            times.push(performance.now() - beganMs);
            throw error;
          }
        },
      });
    // At the rate itself: more would only open its circuit earlier.
    await run(warmUpMs(brief));
    times.length = 0;
    const { failed, firstFailure } = await run(durationMs(brief));
    return { ...summarize(times), failed, firstFailure };
  } finally {
    await naive.stop();
  }
};
