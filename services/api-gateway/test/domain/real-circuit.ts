import { createOpossumPhase } from "../../src/breaker/opossum-phase.ts";
import { Circuit } from "../../src/domain/circuit.ts";
import type { SharedWord } from "../../src/domain/shared-word.ts";

export const settings = {
  failureThreshold: 5,
  windowMs: 30_000,
  openMs: 30_000,
  halfOpenTimeoutMs: 10_000,
};

/** A real circuit over real opossum under a clock that the test moves. */
export const createReal = () => {
  const told: SharedWord[] = [];
  const circuit = new Circuit({
    settings,
    phase: createOpossumPhase("auth", settings.openMs),
    now: () => Date.now(),
    tell: (word) => told.push(word),
  });
  return { circuit, told };
};
