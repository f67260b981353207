import type { Logger } from "@jatra/common/logging/logger.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { Circuit, type Phase } from "../domain/circuit.ts";
import type { CircuitSettings } from "../domain/circuit-settings.ts";
import type { SharedWord } from "../domain/shared-word.ts";
import { circuitMetrics } from "./circuit-metrics.ts";
import { createOpossumPhase } from "./opossum-phase.ts";

export type Circuits = ReadonlyMap<string, Circuit>;

const phases: readonly Phase[] = ["closed", "open", "half_open"];

/**
 * A circuit for each service, with its log lines and metrics. The lines are the ones that people are told to look for:
 * `[API Gateway] Circuit breaker OPEN for service: auth`.
 */
export const createCircuits = (dependencies: {
  /** By service. */
  readonly settings: ReadonlyMap<string, CircuitSettings>;
  readonly tell: (service: string, word: SharedWord) => void;
  readonly onChange?: () => void;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): Circuits =>
  new Map(
    [...dependencies.settings].map(([service, settings]) => [
      service,
      circuitOf(service, settings, dependencies),
    ]),
  );

const circuitOf = (
  service: string,
  settings: CircuitSettings,
  dependencies: Parameters<typeof createCircuits>[0],
): Circuit => {
  const { logger } = dependencies;
  const { state, transitions, rejections } = circuitMetrics(dependencies.metrics);
  const phase = createOpossumPhase(service, settings.openMs);
  const show = (current: Phase): void => {
    for (const each of phases) state.set({ service, state: each }, each === current ? 1 : 0);
  };
  show("closed");
  // From zero on, or Prometheus would take the first change for the beginning of the series and no increase.
  rejections.inc({ service }, 0);
  for (const to of phases) transitions.inc({ service, to }, 0);
  const circuit = new Circuit({
    settings,
    phase,
    now: () => performance.now(),
    tell: (word) => dependencies.tell(service, word),
  });
  phase.onChange((to) => {
    show(to);
    transitions.inc({ service, to });
    const message = `[API Gateway] Circuit breaker ${to.toUpperCase()} for service: ${service}`;
    if (to === "open") logger.warn({ circuit: service }, message);
    else logger.info({ circuit: service }, message);
    dependencies.onChange?.();
  });
  return circuit;
};
