/**
 * The rules of leader election over a Lease, without a client or a clock: who may write it, and
 * what is written. The rules are client-go's: the clocks of two machines are never compared; what
 * counts is for how long an observer has seen the same record, on its own monotonic clock.
 */
export interface LeaseRecord {
  /** Empty when the holder has released it. */
  readonly holder: string;
  readonly durationSeconds: number;
  /** RFC 3339 with six digits. */
  readonly acquireTime: string;
  readonly renewTime: string;
  readonly transitions: number;
}

/** A Lease as found on the server. */
export interface FoundLease {
  readonly resourceVersion: string;
  readonly record: LeaseRecord;
}

export interface Observation extends FoundLease {
  /** Monotonic time at which this record was first seen. */
  readonly seenAtMs: number;
}

/** Time without a renewal after which anybody may take the Lease. */
export const LEASE_SECONDS = 15;
/**
 * Time after its last renewal for which a leader trusts itself. The five seconds below the
 * lease's are for writes that are on their way when it passes.
 */
export const RENEW_DEADLINE_MS = 10_000;
/** Between two tries: four renewals may fail in a row. */
export const RETRY_MS = 2000;

/** Remembers what was found, and since when it looks like that. */
export function observeLease(
  before: Observation | undefined,
  found: FoundLease | undefined,
  nowMs: number,
): Observation | undefined {
  if (found === undefined) return undefined;
  const isSame =
    before?.record.holder === found.record.holder &&
    before.record.renewTime === found.record.renewTime &&
    before.record.transitions === found.record.transitions;
  return { ...found, seenAtMs: isSame ? before.seenAtMs : nowMs };
}

export type LeaseStep = "create" | "take" | "renew" | "wait";

/** What an elector does about what it sees. */
export function nextStep(
  observation: Observation | undefined,
  identity: string,
  nowMs: number,
): LeaseStep {
  if (observation === undefined) return "create";
  const { record, seenAtMs } = observation;
  if (record.holder === identity) return "renew";
  if (record.holder === "") return "take";
  return nowMs - seenAtMs > record.durationSeconds * 1000 ? "take" : "wait";
}

/** The record that makes `identity` the holder at `wallClockMs` (since the epoch). */
export function heldRecord(
  observation: Observation | undefined,
  identity: string,
  wallClockMs: number,
): LeaseRecord {
  const now = microTime(wallClockMs);
  const before = observation?.record;
  const isOurs = before?.holder === identity;
  return {
    holder: identity,
    durationSeconds: LEASE_SECONDS,
    acquireTime: isOurs ? before.acquireTime : now,
    renewTime: now,
    transitions: before === undefined ? 0 : before.transitions + (isOurs ? 0 : 1),
  };
}

/** The record that lets the next one in at once. */
export function releasedRecord(record: LeaseRecord, wallClockMs: number): LeaseRecord {
  const now = microTime(wallClockMs);
  return { ...record, holder: "", durationSeconds: 1, acquireTime: now, renewTime: now };
}

/**
 * Whether a leader may still write: its last renewal was sent less than the deadline ago. Sent,
 * not answered: the others' fifteen seconds may have begun as early as that.
 */
export function mayStillWrite(renewedAtMs: number | undefined, nowMs: number): boolean {
  return renewedAtMs !== undefined && nowMs - renewedAtMs < RENEW_DEADLINE_MS;
}

/** Six digits of a second: with three, the API server refuses the time. */
function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000Z");
}
