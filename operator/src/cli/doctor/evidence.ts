import type { Condition } from "../../api/status.ts";
import type { Platform } from "../../desired/platform.ts";
import type { ObservedObject } from "../../metadata/observed-object.ts";
import type { Circuits } from "../gateway/circuits.ts";

/** What was found, or why nobody could look: a right that is missing, a pod that is away. */
export type Looked<T> = { readonly found: T } | { readonly obstacle: string };

/** Everything the checks judge; gathered before, so that they are pure. */
export interface Evidence {
  readonly platform: Platform;
  readonly conditions: readonly Condition[];
  /** By `Kind/name`. */
  readonly children: ReadonlyMap<string, ObservedObject>;
  /** With spec and status. */
  readonly pods: readonly ObservedObject[];
  /** Keys with a value in each generated Secret that exists. */
  readonly secretKeys: ReadonlyMap<string, readonly string[]>;
  /** What is wrong with the Secrets that people made and the spec refers to. */
  readonly givenProblems: readonly string[];
  readonly operatorsReady: number;
  readonly metricsApi: Looked<boolean>;
  readonly pools: Looked<readonly PoolState[]>;
  readonly circuits: Looked<Circuits>;
  readonly queues: Looked<readonly QueueState[]>;
}

/** A line of PgBouncer's SHOW POOLS. */
export interface PoolState {
  readonly database: string;
  readonly user: string;
  readonly clientsActive: number;
  readonly clientsWaiting: number;
  readonly serversActive: number;
  readonly waitSecondsMax: number;
}

export interface QueueState {
  readonly name: string;
  readonly ready: number;
  readonly unacknowledged: number;
  readonly consumers: number;
  /** Messages acknowledged a second over the last sample; 0 when the broker says nothing. */
  readonly acknowledgedPerSecond: number;
}

export interface Ailment {
  readonly severity: "problem" | "warning";
  /** What is wrong, with names and figures. */
  readonly what: string;
  /** What to do, as commands or sentences; the likeliest first. */
  readonly todo: readonly string[];
}

/** One case: its name, and what it makes of the evidence; an obstacle when it can't tell. */
export interface Check {
  readonly name: string;
  readonly examine: (evidence: Evidence) => Looked<readonly Ailment[]>;
}

export function found<T>(value: T): Looked<T> {
  return { found: value };
}
