import type { PlatformSpec } from "../api/spec.ts";
import { SERVICES, type ServiceKey } from "../metadata/services.ts";

/** spec.rollout with every default filled in; waves by name of the Deployment. */
export interface RolloutSettings {
  readonly isPhased: boolean;
  readonly waves: readonly (readonly string[])[];
  readonly soakSeconds: number;
  readonly deadlineSeconds: number;
  readonly gates: GateSettings | undefined;
  readonly autoRollback: boolean;
}

export interface GateSettings {
  readonly minRequests: number;
  readonly maxErrorPercent: number;
  readonly maxDeadLetters: number;
}

/**
 * Whoever is called rolls before whoever calls: a new caller finds what it asks for. First what
 * nobody waits for, so that a bad build shows where it costs least; the gateway, whose figures
 * the gates are read from, is last.
 */
const WAVES: readonly (readonly ServiceKey[])[] = [
  ["notification", "reporting", "user", "ticket"],
  ["payment-simulator", "auth", "schedule"],
  ["payment", "seat-reservation", "booking"],
  ["search", "admin"],
  ["api-gateway"],
];

/** Long enough for a few scrapes and for what fails in the first minute. */
const SOAK_SECONDS = 60;
/** As progressDeadlineSeconds of the Deployments: two cores starting thirty pods take minutes. */
const DEADLINE_SECONDS = 600;
/** With fewer, a single failed answer would be more than the error gate allows. */
const MIN_REQUESTS = 50;
/** Above what a rolling update may cost, far below what a broken service does. */
const MAX_ERROR_PERCENT = 5;

export function resolveRollout(spec: PlatformSpec["rollout"]): RolloutSettings {
  const gates = spec?.gates;
  const isPhased = spec?.strategy === "Phased";
  const names = new Map<string, string>(SERVICES.map(({ key, name }) => [key, name]));
  return {
    isPhased,
    waves: (spec?.waves ?? WAVES).map((wave) => wave.map((key) => names.get(key) ?? key)),
    soakSeconds: spec?.soakSeconds ?? SOAK_SECONDS,
    deadlineSeconds: spec?.deadlineSeconds ?? DEADLINE_SECONDS,
    gates:
      gates?.enabled === false
        ? undefined
        : {
            minRequests: gates?.minRequests ?? MIN_REQUESTS,
            maxErrorPercent: gates?.maxErrorPercent ?? MAX_ERROR_PERCENT,
            maxDeadLetters: gates?.maxDeadLetters ?? 0,
          },
    autoRollback: spec?.autoRollback ?? isPhased,
  };
}
