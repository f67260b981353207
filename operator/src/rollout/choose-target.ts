import type { RolloutStatus } from "../api/rollout.ts";
import type { RollbackRequest } from "./rollback-request.ts";

export interface TargetInput {
  readonly previous: RolloutStatus | undefined;
  /** Hash of what the spec says about pods, now. */
  readonly wish: string;
  /** Number of the revision made from that wish; needed when the wish is new. */
  readonly candidate: number | undefined;
  /** What a person asks for under this wish, where that revision exists. */
  readonly request: RollbackRequest | undefined;
  readonly now: string;
}

/**
 * Which revision the platform is to have: that of the spec, unless it was given up, or a person
 * asks for another one. Pure. The answer is `previous` itself where nothing has changed.
 */
export function chooseTarget(input: TargetInput): RolloutStatus {
  const { previous, wish, candidate, request } = input;
  const chosen =
    candidate !== undefined && previous?.wish !== wish ? followWish(input, candidate) : previous;
  if (chosen === undefined) throw new Error("A platform without a rollout needs a revision.");
  // Each request counts once, or changing the spec there and back would bring an old one to life.
  if (request === undefined || request.value === chosen.rollbackRequest) return chosen;
  const heard = { ...chosen, rollbackRequest: request.value };
  if (request.revision === chosen.revision) return heard;
  const message = `Rolled back by hand to revision ${request.revision}.`;
  return { ...goBack(heard, request.revision, message), isRequested: true };
}

function followWish({ previous, wish, now }: TargetInput, candidate: number): RolloutStatus {
  const goodRevision = previous?.goodRevision;
  const base = { ...heardOf(previous), wish, revision: candidate };
  if (goodRevision === undefined) {
    const message = `Revision ${candidate} is being installed.`;
    return { ...base, phase: "Installing", message, waveStartedAt: now };
  }
  if (candidate === goodRevision) {
    // Whatever was on its way is taken back at once: this one is known to work.
    const isThere = previous?.phase === "Settled";
    const phase = isThere ? "Settled" : "RollingBack";
    const message = `Revision ${candidate} is ${isThere ? "in place" : "coming back"}.`;
    return { ...base, goodRevision, phase, message };
  }
  const isSame = previous?.revision === candidate;
  if (isSame && previous.phase === "Rolling") return { ...previous, wish };
  // What a stopped rollout had moved stays where it is when it is tried again.
  const moved = isSame && previous.phase === "Stopped" ? previous.moved : undefined;
  const message = `Revision ${candidate} is on its way.`;
  return {
    ...base,
    goodRevision,
    phase: "Rolling",
    message,
    ...(moved !== undefined && { moved }),
  };
}

/** The whole platform back to a revision; the present one isn't tried again under this wish. */
export function goBack(state: RolloutStatus, revision: number, message: string): RolloutStatus {
  const rejected = state.rejectedRevision ?? state.revision;
  return {
    ...heardOf(state),
    wish: state.wish,
    revision,
    goodRevision: revision,
    phase: "RollingBack",
    message,
    ...(rejected !== revision && { rejectedRevision: rejected }),
  };
}

/** What outlives every step. */
export function heardOf(state: RolloutStatus | undefined): Pick<RolloutStatus, "rollbackRequest"> {
  const value = state?.rollbackRequest;
  return value === undefined ? {} : { rollbackRequest: value };
}
