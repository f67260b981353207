import { closedLoop } from "../load/closed-loop.ts";
import { createHttpClient, expectStatus } from "../load/http-client.ts";
import { showLatencies, type Latencies } from "../load/latencies.ts";
import { startPlatform } from "../platform/start-platform.ts";
import type { Bench } from "../row.ts";

/** Enough to keep a gateway busy; the breaker off, each of them waits a second for its error. */
const IN_FLIGHT = 32;
const WARM_UP_MS = 2_000;
/** Well within the 30 s that an open circuit stays open. */
const DURATION_MS = 10_000;
const BRIEF_MS = 3_000;
/** Twice what opens a circuit. */
const FAILURES = 10;
const SAVED_MIN = 0.95;
const HELLO_RATIO_MAX = 2;
const FAILING = "/api/stations";
const HELLO = "/api/search/stations?q=hello";

/** Failing fast, beside the same failures waited for. */
export const openCircuit: Bench = {
  id: "B6",
  title: "time to the error of a failing service, circuit open and breaker off",
  measure: async ({ brief, say }) => {
    const durationMs = brief ? BRIEF_MS : DURATION_MS;
    const off = await measureGateway(false, durationMs);
    say(`breaker off: ${showLatencies(off.failing)}`);
    const on = await measureGateway(true, durationMs);
    say(`circuit open: ${showLatencies(on.failing)}; hello-world: ${showLatencies(on.hello)}`);
    const saved = 1 - on.failing.p50 / off.failing.p50;
    return [
      {
        id: "B6",
        what: `p99 to the error with the circuit open, ${IN_FLIGHT} in flight`,
        value: on.failing.p99,
        unit: "ms",
        against: [
          { name: "breaker off: the service fails after 1 s", value: off.failing.p99 },
          { name: "a hello-world service behind the same gateway", value: on.hello.p99 },
        ],
        ratio: on.failing.p99 / on.hello.p99,
        goal: `≥ ${SAVED_MIN * 100} % less time to the error, p99 ≤ ${HELLO_RATIO_MAX} × the hello-world's`,
        met: saved >= SAVED_MIN && on.failing.p99 <= HELLO_RATIO_MAX * on.hello.p99,
        notes: [
          `${(saved * 100).toFixed(2)} % less time to the error in the median`,
          `open: ${showLatencies(on.failing)}; off: ${showLatencies(off.failing)}`,
        ],
      },
    ];
  },
};

const measureGateway = async (
  enabled: boolean,
  durationMs: number,
): Promise<{ readonly failing: Latencies; readonly hello: Latencies }> => {
  const platform = await startPlatform({
    services: ["api-gateway"],
    standIns: {
      schedule: "e2e/bench/variants/failing-service.ts",
      search: "e2e/bench/variants/hello-world.ts",
    },
    more: { CIRCUIT_BREAKER: JSON.stringify({ enabled }) },
  });
  const client = createHttpClient(platform.url("api-gateway"), IN_FLIGHT);
  const load = async (path: string, status: number, code: string): Promise<Latencies> => {
    const work = async (): Promise<void> => {
      const answer = expectStatus(await client.send("GET", path), status, path);
      if (!answer.text.includes(code)) throw new Error(`${path}: ${answer.text}`);
    };
    const loop = { inFlight: IN_FLIGHT, durationMs, warmUpMs: WARM_UP_MS, work };
    return (await closedLoop(loop)).latencies;
  };
  try {
    const hello = await load(HELLO, 200, "hello");
    await Promise.all(Array.from({ length: FAILURES }, () => client.send("GET", FAILING)));
    const failing = enabled
      ? await load(FAILING, 503, "circuit_open")
      : await load(FAILING, 500, "");
    return { failing, hello };
  } finally {
    await client.close();
    await platform.stop();
  }
};
