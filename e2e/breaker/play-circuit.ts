import { mock } from "node:test";
import { createOpossumPhase } from "@jatra/api-gateway/breaker/opossum-phase.ts";
import { Circuit, REFUSED, type Permit } from "@jatra/api-gateway/domain/circuit.ts";
import type { CircuitSettings } from "@jatra/api-gateway/domain/circuit-settings.ts";
import type { Schedule, Seen, Step } from "./schedule.ts";

/** A change to the breaker that a comparison must notice. */
export type Mutation = {
  readonly settings?: (settings: CircuitSettings) => CircuitSettings;
  /** Which permit a call is settled with: its own, or the one admitted last. */
  readonly settlesLast?: boolean;
};

/** Plays a schedule through the gateway's own circuit, under a clock that moves only with the schedule. */
export const playCircuit = ({ settings, steps }: Schedule, mutation: Mutation = {}): Seen[] => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  try {
    const used = mutation.settings?.(settings) ?? settings;
    const circuit = new Circuit({
      settings: used,
      phase: createOpossumPhase("played", used.openMs),
      now: () => Date.now(),
      tell: () => undefined,
    });
    const running: Permit[] = [];
    let last: Permit = 0;
    return steps.map((step) => {
      const admitted = step.do === "begin" ? circuit.admit() : undefined;
      if (admitted !== undefined && admitted !== REFUSED) {
        running.push(admitted);
        last = admitted;
      }
      if (step.do === "pass") pass(step.ms);
      if (step.do === "end") end(circuit, step, running, mutation.settlesLast ? last : undefined);
      return seenOf(circuit, admitted);
    });
  } finally {
    mock.timers.reset();
  }
};

/** Millisecond by millisecond: in a longer tick, mocked timers tell every callback the tick's end as the time. */
const pass = (ms: number): void => {
  for (let passed = 0; passed < ms; passed += 1) mock.timers.tick(1);
};

const end = (
  circuit: Circuit,
  { which, outcome }: Extract<Step, { readonly do: "end" }>,
  running: Permit[],
  instead: Permit | undefined,
): void => {
  const [permit] = running.splice(-1 - (which % Math.max(1, running.length)), 1);
  if (permit !== undefined) circuit.settle(instead ?? permit, outcome);
};

const seenOf = (circuit: Circuit, admitted: Permit | undefined): Seen => {
  const { phase, failures } = circuit.view();
  return {
    ...(admitted === undefined ? {} : { admitted: admitted !== REFUSED }),
    state: phase === "half_open" ? "half-open" : phase,
    failures: phase === "closed" ? failures : 0,
  };
};
