import { freePort } from "@jatra/testing/free-port.ts";
import { createEdgeMix, type EdgeMix } from "../load/edge-mix.ts";
import { showLatencies } from "../load/latencies.ts";
import { openLoop, type OpenLoopResult } from "../load/open-loop.ts";
import { slopePerSecond } from "../load/slope.ts";
import { signIn } from "../platform/access-tokens.ts";
import { openInspector, type Memory } from "../platform/inspector.ts";
import { startPlatform } from "../platform/start-platform.ts";
import type { Bench, Row } from "../row.ts";

const TOKENS = 1_000;
/** Moderate: what is looked for is what each request leaves behind, and 1,000/s are 600,000 of them. */
const RATE_PER_SECOND = 1_000;
const SOAK_MS = 10 * 60_000;
const BRIEF_MS = 30_000;
/** A fifth: until code is compiled, caches are full and connections have been replaced once. */
const SETTLING_SHARE = 0.2;
const SAMPLE_EVERY_SECONDS = 5;
const MIB = 1024 * 1024;
/** Less than two bytes a request: nothing that a request makes can be kept for each, or for each hundredth. */
const HEAP_MIB_MAX = 1;
/** Pages that the allocator gives back late. A leak outside the heap, say of bodies, would be hundreds. */
const RESIDENT_MIB_MAX = 8;

type Sample = Memory & { readonly atMs: number };

/** Whether a gateway that everything happens to keeps its memory. */
export const gatewaySoak: Bench = {
  id: "soak",
  title: "the gateway's memory under ten minutes of steady load",
  isOnRequest: true,
  measure: async ({ brief, say }) => {
    const port = await freePort();
    const platform = await startPlatform({
      services: ["auth", "api-gateway"],
      standIns: {
        search: "e2e/bench/variants/half-kilobyte.ts",
        booking: "e2e/bench/variants/hello-world.ts",
        schedule: "e2e/bench/variants/failing-service.ts",
        ticket: "e2e/bench/variants/failing-service.ts",
      },
      flags: { "api-gateway": [`--inspect=127.0.0.1:${port}`] },
    });
    const tokens = (await signIn(platform, TOKENS)).map(({ token }) => token);
    const mix = createEdgeMix(platform.url("api-gateway"), tokens);
    const inspector = await openInspector(port);
    const samples: Sample[] = [];
    let seconds = 0;
    const onSecond = async (): Promise<void> => {
      if (seconds++ % SAMPLE_EVERY_SECONDS !== 0) return;
      samples.push({ atMs: performance.now(), ...(await inspector.memory()) });
      if (samples.length % 6 === 0) say(showSample(samples.at(-1)));
    };
    try {
      const durationMs = brief ? BRIEF_MS : SOAK_MS;
      const options = { ratePerSecond: RATE_PER_SECOND, durationMs, onSecond };
      const result = await openLoop({ ...options, work: mix.visit });
      return [rowOf(samples, result, mix)];
    } finally {
      inspector.close();
      await mix.close();
      await platform.stop();
    }
  },
};

const rowOf = (samples: readonly Sample[], result: OpenLoopResult, mix: EdgeMix): Row => {
  const settled = samples.slice(Math.ceil(samples.length * SETTLING_SHARE));
  const growth = (of: (sample: Sample) => number): number =>
    (slopePerSecond(settled.map((sample) => ({ atMs: sample.atMs, value: of(sample) }))) *
      (SOAK_MS / 1_000)) /
    MIB;
  const heap = growth(({ heapBytes }) => heapBytes);
  const resident = growth(({ residentBytes }) => residentBytes);
  const outcomes = [...mix.outcomes].map(([outcome, count]) => `${outcome}: ${count}`).join(", ");
  return {
    id: "soak",
    what: `growth of the gateway's heap after garbage collection at ${RATE_PER_SECOND} requests/s of all kinds`,
    value: heap,
    unit: "MiB in 10 min",
    against: [],
    ratio: null,
    goal: `≤ ${HEAP_MIB_MAX} MiB; resident memory ≤ ${RESIDENT_MIB_MAX} MiB`,
    met: heap <= HEAP_MIB_MAX && resident <= RESIDENT_MIB_MAX && result.failed === 0,
    notes: [
      `resident memory: ${resident.toFixed(2)} MiB in 10 min; by least squares over ${settled.length} samples after ` +
        `the first ${samples.length - settled.length}, each right after a garbage collection`,
      `first of them ${showSample(settled[0])}; last ${showSample(settled.at(-1))}`,
      `${result.done} requests done, ${result.failed} failed${result.firstFailure === undefined ? "" : ` (${result.firstFailure})`}; ${outcomes}`,
      `from when each was due: ${showLatencies(result.latencies)}`,
    ],
  };
};

const showSample = (sample: Memory | undefined): string =>
  sample === undefined
    ? "none"
    : `heap ${(sample.heapBytes / MIB).toFixed(2)} MiB, resident ${(sample.residentBytes / MIB).toFixed(1)} MiB`;
