import type { RolloutStatus } from "../../src/api/rollout.ts";
import { templateHash, type Templates } from "../../src/desired/workload-template.ts";
import type { RolloutSettings } from "../../src/desired/rollout-settings.ts";
import type { AdvanceInput, WorkloadHealth } from "../../src/rollout/advance.ts";
import type { GateReading } from "../../src/rollout/judge-gates.ts";

export const SETTINGS: RolloutSettings = {
  isPhased: true,
  waves: [["leaf"], ["middle", "other"], ["api-gateway"]],
  soakSeconds: 60,
  deadlineSeconds: 600,
  gates: { minRequests: 50, maxErrorPercent: 5, maxDeadLetters: 0 },
  autoRollback: true,
};

export const NAMES = ["postgres", "leaf", "middle", "other", "api-gateway"];

/** Templates of workloads with images of one tag; `overrides` gives single ones another. */
export function templates(
  tag: string,
  overrides: Readonly<Record<string, string>> = {},
): Templates {
  return new Map(
    NAMES.map((name) => {
      const image = `jatra/${name}:${overrides[name] ?? tag}`;
      return [name, { metadata: { annotations: {} }, spec: { containers: [{ image }] } }];
    }),
  );
}

/** Everything but PostgreSQL changes. */
export const GOOD = templates("1", { postgres: "17" });
export const TARGET = templates("2", { postgres: "17" });

export const ROLLING: RolloutStatus = {
  wish: "bbbb",
  revision: 2,
  goodRevision: 1,
  phase: "Rolling",
  message: "Revision 2 is on its way.",
};

/** All workloads ready on the given templates, but for what is said of single ones. */
export function healthOn(
  pins: Templates,
  but: Readonly<Record<string, Partial<WorkloadHealth>>> = {},
): ReadonlyMap<string, WorkloadHealth> {
  return new Map(
    [...pins].map(([name, template]) => [
      name,
      { template: templateHash(template), isReady: true, complaint: undefined, ...but[name] },
    ]),
  );
}

export function reading(requests: number, failures = 0, more: Partial<GateReading> = {}) {
  const pods = [{ pod: "api-gateway-1", requests, failures }];
  return { pods, openCircuits: [], deadLetters: 0, ...more };
}

/** A time so many seconds after the beginning. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 22, 18) + seconds * 1000).toISOString().replace(".000Z", "Z");
}

export function inputWith(more: Partial<AdvanceInput> = {}): AdvanceInput {
  return {
    state: ROLLING,
    settings: SETTINGS,
    good: GOOD,
    target: TARGET,
    health: healthOn(GOOD),
    isPlatformReady: true,
    reading: reading(1000),
    now: at(0),
    ...more,
  };
}
