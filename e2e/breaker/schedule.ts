import fc from "fast-check";
import type { Outcome } from "@jatra/api-gateway/domain/classify-outcome.ts";
import type { CircuitSettings } from "@jatra/api-gateway/domain/circuit-settings.ts";

/** `which` picks one of the calls under way, the newest first, modulo their number. */
export type Step =
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "begin" }
  | { readonly do: "end"; readonly which: number; readonly outcome: Outcome };

export type Schedule = { readonly settings: CircuitSettings; readonly steps: readonly Step[] };

/** What can be seen of a breaker after a step. */
export type Seen = {
  /** After a `begin`. */
  readonly admitted?: boolean;
  readonly state: "closed" | "open" | "half-open";
  /** Within the window, while it is closed; otherwise 0. */
  readonly failures: number;
};

const settingsArbitrary = fc.record({
  failureThreshold: fc.integer({ min: 1, max: 5 }),
  // Milliseconds instead of seconds: the clock is virtual, and gobreaker keeps a bucket for each.
  windowMs: fc.integer({ min: 2, max: 40 }),
  openMs: fc.integer({ min: 1, max: 40 }),
  halfOpenTimeoutMs: fc.integer({ min: 1, max: 20 }),
});

const begin: Step = { do: "begin" };
const outcomeArbitrary = fc.constantFrom<Outcome>(
  "success",
  "failure",
  "failure",
  "failure",
  "neither",
);
const endArbitrary = fc.record({
  do: fc.constant("end" as const),
  which: fc.nat(9),
  outcome: outcomeArbitrary,
});

/** Single steps in any order, and the pieces of a circuit's life that those would hardly ever put together. */
const piecesArbitrary = (settings: CircuitSettings): fc.Arbitrary<readonly Step[]> => {
  const { failureThreshold, windowMs, openMs, halfOpenTimeoutMs } = settings;
  const pass = (ms: number): Step => ({ do: "pass", ms });
  /** Where an off-by-one would show. */
  const around = (ms: number): fc.Arbitrary<Step> =>
    fc.constantFrom(ms - 1, ms, ms + 1).map((each) => pass(Math.max(1, each)));
  const fail: readonly Step[] = [begin, { do: "end", which: 0, outcome: "failure" }];
  const failures = fc
    .constantFrom(failureThreshold - 1, failureThreshold)
    .map((count) => Array.from({ length: count }, () => fail).flat());
  const probeOutcome = fc.constantFrom<Outcome>("success", "success", "failure", "neither");
  const probe = fc
    .tuple(around(openMs), around(halfOpenTimeoutMs), fc.boolean(), probeOutcome)
    .map(([open, wait, ends, outcome]): Step[] => [
      open,
      begin,
      begin,
      ...(ends ? [] : [wait]),
      { do: "end", which: 0, outcome },
    ]);
  const single = fc.oneof(fc.constant(begin), endArbitrary, fc.nat(3).map(pass), around(windowMs));
  return fc.oneof(
    { weight: 6, arbitrary: single.map((step) => [step]) },
    { weight: 2, arbitrary: failures },
    { weight: 2, arbitrary: probe },
  );
};

export const scheduleArbitrary: fc.Arbitrary<Schedule> = settingsArbitrary.chain((settings) =>
  fc
    .array(piecesArbitrary(settings), { minLength: 1, maxLength: 30, size: "max" })
    .map((pieces) => ({ settings, steps: pieces.flat() })),
);
