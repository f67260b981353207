import type { RolloutStatus } from "../api/rollout.ts";
import type { PlatformStatus } from "../api/status.ts";
import type { Platform } from "../desired/platform.ts";
import type { SecretProblem, SecretUser } from "../desired/secrets/given-secrets.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";

/** What one reconcile saw and did: everything the status is made from. */
export interface View {
  readonly platform: Platform;
  /** Observed children by `Kind/name`, as of after the writes. */
  readonly children: ReadonlyMap<string, ObservedObject>;
  readonly pods: readonly ObservedObject[];
  /** Undefined where databases and roles are made by somebody else. */
  readonly bootstrapJob: string | undefined;
  /** Name of the migration Job of each service with a database. */
  readonly migrationJobs: ReadonlyMap<string, string>;
  /** Children that couldn't be written, with the reason. */
  readonly failures: readonly Failure[];
  /** What people have to put right in their Secrets. */
  readonly secretProblems: readonly SecretProblem[];
  /** Whether the certificate's Secret that the ingress names is there; its contents are the ingress controller's. */
  readonly isCertificateThere: boolean;
  readonly messaging: Messaging;
  /** Where the rollout stands; undefined before the first revision. */
  readonly rollout: RolloutStatus | undefined;
  /** Migrations of the revisions that the platform may go back to. */
  readonly keptJobs: readonly string[];
}

export interface Failure {
  /** `Kind/name` of the child. */
  readonly child: string;
  readonly reason: "Foreign" | "Refused" | "Failed" | "Contested";
  readonly message: string;
}

/** What became of the broker's topology. */
export type Messaging =
  | { readonly state: "declared" }
  | { readonly state: "waiting"; readonly message: string }
  | { readonly state: "wrong"; readonly problems: readonly string[] };

/** A condition without the bookkeeping that is the same for all. */
export interface Finding {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

export type PreviousStatus = Partial<PlatformStatus> | undefined;

/** Jobs that a database waits for, of the images that are wanted now. */
export function databaseJobs({ bootstrapJob, migrationJobs }: View): string[] {
  return [...(bootstrapJob === undefined ? [] : [bootstrapJob]), ...migrationJobs.values()];
}

export function childNamed(view: View, kind: string, name: string): ObservedObject | undefined {
  return view.children.get(`${kind}/${name}`);
}

/** A part that can't work before its Secrets are put right; undefined when they are. */
export function secretFinding(view: View, type: string, user: SecretUser): Finding | undefined {
  const problems = view.secretProblems.filter((problem) => problem.user === user);
  if (problems.length === 0) return undefined;
  const message = problems.map((problem) => problem.message).join(" ");
  return { type, status: "False", reason: "SecretIncomplete", message };
}
