import { EventEmitter } from "node:events";
import CircuitBreaker from "opossum";
import type { Phase, PhaseHolder } from "../domain/circuit.ts";

/**
 * One bucket rotation for all breakers that never comes: opossum's statistics aren't used (it counts percentages, a
 * circuit of ours counts failures), and each breaker would otherwise keep an interval running for them.
 */
const noRotation = new EventEmitter();
noRotation.setMaxListeners(0);

/**
 * opossum as the holder of a circuit's state and its timer from open to half open. Calls don't go through `fire`: a hung
 * call without a timeout would keep it half open for ever, results from before an opening would move its state, and an
 * excluded error would close it. domain/circuit.ts decides, and tells it when to open and when to close.
 */
export const createOpossumPhase = (name: string, openMs: number): PhaseHolder => {
  const breaker = new CircuitBreaker(async () => undefined, {
    name,
    timeout: false,
    resetTimeout: openMs,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    rotateBucketController: noRotation,
  });
  return {
    current: () => phaseOf(breaker),
    open: () => breaker.open(),
    close: () => breaker.close(),
    onChange: (listener) => {
      breaker.on("open", () => listener("open"));
      breaker.on("halfOpen", () => listener("half_open"));
      breaker.on("close", () => listener("closed"));
    },
  };
};

const phaseOf = (breaker: CircuitBreaker): Phase => {
  if (breaker.closed) return "closed";
  return breaker.opened ? "open" : "half_open";
};
