import type { RolloutStatus } from "../api/rollout.ts";
import type { GateSettings } from "../desired/rollout-settings.ts";

type Baseline = NonNullable<RolloutStatus["baseline"]>;

/** What the gateway's pods and the broker have counted by now. */
export interface GateReading extends Baseline {
  /** Short names of services whose circuit is open in some gateway pod. */
  readonly openCircuits: readonly string[];
}

export type Verdict =
  | { readonly outcome: "passed" }
  | { readonly outcome: "waiting"; readonly message: string }
  | { readonly outcome: "failed"; readonly message: string };

/**
 * Judges what has happened since the baseline. Failures count from the first sufficient sample on; without
 * one there is no verdict, however long it takes: no data is not success. Pure.
 */
export function judgeGates(
  gates: GateSettings,
  baseline: Baseline,
  reading: GateReading,
  wave: readonly string[],
): Verdict {
  const open = reading.openCircuits.filter((name) => wave.includes(name));
  if (open.length > 0) return failed(`the gateway's circuit to ${open.join(", ")} is open`);
  const dead = reading.deadLetters - baseline.deadLetters;
  if (dead > gates.maxDeadLetters) {
    return failed(`${dead} messages were dead-lettered, ${gates.maxDeadLetters} are allowed`);
  }
  const { requests, failures } = since(baseline, reading);
  if (requests < gates.minRequests) {
    const message = `${requests} of ${gates.minRequests} requests seen`;
    return { outcome: "waiting", message };
  }
  // Compared as products: a share of whole numbers must not depend on rounding.
  if (failures * 100 > gates.maxErrorPercent * requests) {
    return failed(
      `${failures} of ${requests} requests failed, ${gates.maxErrorPercent} % are allowed`,
    );
  }
  return { outcome: "passed" };
}

/** Counters begin at zero with each process: a pod that wasn't there counts from its start. */
function since(baseline: Baseline, reading: Baseline) {
  const before = new Map(baseline.pods.map((pod) => [pod.pod, pod]));
  let requests = 0;
  let failures = 0;
  for (const now of reading.pods) {
    const then = before.get(now.pod);
    // A container that has started again has lost what it had counted.
    const isSame = then !== undefined && now.requests >= then.requests;
    requests += now.requests - (isSame ? then.requests : 0);
    failures += now.failures - (isSame ? Math.min(then.failures, now.failures) : 0);
  }
  return { requests, failures };
}

function failed(message: string): Verdict {
  return { outcome: "failed", message };
}
