import type { RolloutStatus } from "../api/rollout.ts";
import { templateHash, type Templates } from "../desired/workload-template.ts";
import type { RolloutSettings } from "../desired/rollout-settings.ts";
import { goBack, heardOf } from "./choose-target.ts";
import { judgeGates, type GateReading } from "./judge-gates.ts";
import { wavesOf } from "./waves.ts";

/** What is seen of one workload. */
export interface WorkloadHealth {
  /** Hash of the pinned template it was last given. */
  readonly template: string | undefined;
  /** All its pods run that template and are ready. */
  readonly isReady: boolean;
  /** Why it won't get there by itself. */
  readonly complaint: string | undefined;
}

export interface AdvanceInput {
  readonly state: RolloutStatus;
  readonly settings: RolloutSettings;
  /** Templates of the last good revision; none while there isn't one. */
  readonly good: Templates;
  readonly target: Templates;
  readonly health: ReadonlyMap<string, WorkloadHealth>;
  /** Whether tickets can be sold: what a first revision needs to be good. */
  readonly isPlatformReady: boolean;
  /** Undefined: the figures can't be had now. */
  readonly reading: GateReading | undefined;
  readonly now: string;
}

/** Pulling is tried again, and a process may die of a dependency that comes back. */
const COMPLAINT_GRACE_SECONDS = 60;

/**
 * The next step of a rollout. Pure: everything it goes by is in the API, so whoever comes after
 * a killed operator takes the same step. Answers `state` itself where there is nothing to do.
 */
export function advance(input: AdvanceInput): RolloutStatus {
  const { state } = input;
  switch (state.phase) {
    case "Installing":
      return areReady(input, [...input.target.keys()]) && input.isPlatformReady
        ? settled(state)
        : state;
    case "RollingBack":
      if (!areReady(input, [...input.target.keys()])) return state;
      return state.rejectedRevision === undefined
        ? settled(state)
        : { ...state, phase: "RolledBack" };
    case "Rolling":
      return roll(input);
    case "Stopped":
    case "RolledBack":
    case "Settled":
    default:
      return state;
  }
}

function roll(input: AdvanceInput): RolloutStatus {
  const { state, settings, good, target, now } = input;
  const waves = wavesOf(settings, good, target);
  const moved = new Set(state.moved);
  const rest = waves.map((wave) => wave.filter((name) => !moved.has(name)));
  const index = rest.findIndex((wave) => wave.length > 0);
  const wave = rest[index];
  if (wave === undefined) return settled(state);
  const title = settings.isPhased ? `Wave ${index + 1} of ${waves.length}` : "All at once";
  const label = `Revision ${state.revision}, ${title} (${wave.join(", ")})`;
  if (!isSame(wave, state.wave) || state.waveStartedAt === undefined) {
    return {
      ...withoutWave(state),
      wave: [...wave],
      waveStartedAt: now,
      message: `${label}: rolls.`,
    };
  }
  // All at once, without a way back, there is nothing to decide: Kubernetes does the rest.
  const isGuarded = settings.isPhased || settings.autoRollback;
  if (!isGuarded) return areReady(input, wave) ? settled(state) : state;
  if (state.soakStartedAt === undefined) return awaitReady(input, wave, label);
  return soak(input, wave, label, state.soakStartedAt);
}

function awaitReady(input: AdvanceInput, wave: readonly string[], label: string): RolloutStatus {
  const { state, settings, reading, now } = input;
  const seconds = secondsBetween(state.waveStartedAt, now);
  const complaint = complaintOf(input, wave);
  if (complaint !== undefined && seconds >= COMPLAINT_GRACE_SECONDS) return fail(input, complaint);
  if (!areReady(input, wave)) {
    if (seconds < settings.deadlineSeconds) return state;
    const late = wave.filter((name) => !areReady(input, [name])).join(", ");
    return fail(input, `${late} not ready within ${settings.deadlineSeconds} s`);
  }
  if (settings.gates !== undefined && reading === undefined) {
    return said(state, `${label}: ready; the gateway's or the broker's figures can't be read.`);
  }
  return {
    ...state,
    soakStartedAt: now,
    ...(reading !== undefined && {
      baseline: { pods: [...reading.pods], deadLetters: reading.deadLetters },
    }),
    message: `${label}: ready, watched for ${settings.soakSeconds} s.`,
  };
}

function soak(
  input: AdvanceInput,
  wave: readonly string[],
  label: string,
  soakStartedAt: string,
): RolloutStatus {
  const { state, settings, reading, now } = input;
  const complaint = complaintOf(input, wave);
  if (complaint !== undefined) return fail(input, complaint);
  const { gates } = settings;
  const { baseline } = state;
  if (gates !== undefined) {
    if (reading === undefined || baseline === undefined) {
      return said(state, `${label}: the gateway's or the broker's figures can't be read.`);
    }
    const verdict = judgeGates(gates, baseline, reading, wave);
    if (verdict.outcome === "failed") return fail(input, verdict.message);
    if (secondsBetween(soakStartedAt, now) < settings.soakSeconds) return state;
    if (verdict.outcome === "waiting") {
      return said(state, `${label}: waits for traffic, ${verdict.message}.`);
    }
  }
  if (secondsBetween(soakStartedAt, now) < settings.soakSeconds) return state;
  // Ready again, not still: an autoscaler may be adding pods.
  if (!areReady(input, wave)) return state;
  const moved = [...(state.moved ?? []), ...wave];
  return roll({ ...input, state: { ...withoutWave(state), moved } });
}

/** Stops, or takes the whole platform back; either way until the spec changes. */
function fail({ state, settings }: AdvanceInput, cause: string): RolloutStatus {
  const verdict = `Revision ${state.revision} was rejected: ${cause}.`.slice(0, 900);
  if (settings.autoRollback && state.goodRevision !== undefined) {
    return goBack(state, state.goodRevision, verdict);
  }
  return { ...state, phase: "Stopped", rejectedRevision: state.revision, message: verdict };
}

function settled(state: RolloutStatus): RolloutStatus {
  const { wish, revision } = state;
  const message = `Revision ${revision} is in place.`;
  return { ...heardOf(state), wish, revision, goodRevision: revision, phase: "Settled", message };
}

/**
 * A rollout that is held, by a pause or a refused budget: its clocks stop, and the wave is watched
 * anew when it goes on. What has happened meanwhile says nothing about it.
 */
export function suspended(state: RolloutStatus): RolloutStatus {
  if (state.phase !== "Rolling" || state.waveStartedAt === undefined) return state;
  const { waveStartedAt: _t, soakStartedAt: _s, baseline: _b, ...rest } = state;
  const wave = state.wave?.join(", ") ?? "";
  return { ...rest, message: `Revision ${state.revision} is held in the wave of ${wave}.` };
}

function withoutWave(state: RolloutStatus): RolloutStatus {
  const { wave: _w, waveStartedAt: _t, soakStartedAt: _s, baseline: _b, ...rest } = state;
  return rest;
}

function said(state: RolloutStatus, message: string): RolloutStatus {
  return state.message === message ? state : { ...state, message };
}

function areReady({ health, target }: AdvanceInput, names: readonly string[]): boolean {
  return names.every((name) => {
    const seen = health.get(name);
    const template = target.get(name);
    return (
      template !== undefined && seen?.isReady === true && seen.template === templateHash(template)
    );
  });
}

function complaintOf({ health }: AdvanceInput, wave: readonly string[]): string | undefined {
  return wave.map((name) => health.get(name)?.complaint).find((found) => found !== undefined);
}

function isSame(wave: readonly string[], before: readonly string[] | undefined): boolean {
  return before !== undefined && wave.join() === before.join();
}

function secondsBetween(from: string | undefined, to: string): number {
  return from === undefined ? 0 : (Date.parse(to) - Date.parse(from)) / 1000;
}
