import type { Platform } from "../desired/platform.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import { ApiError } from "../runtime/api-error.ts";
import type { Failure } from "../status/view.ts";
import { applyChild, isUnchanged, memoryKey, type ApplyTools } from "./apply-child.ts";
import { childKey, type ChildHead } from "./child-head.ts";
import type { Contest } from "./contests.ts";
import type { DesiredChildren } from "./desired-memo.ts";
import { mayApply } from "./gates.ts";
import { knownAbsent } from "./known-absent.ts";

export interface ApplyReport {
  readonly written: readonly Written[];
  readonly failures: readonly Failure[];
  /** The first error that another try may get over; undefined when there was none. */
  readonly unexpected: unknown;
}

export interface Written {
  readonly child: string;
  readonly outcome: "created" | "applied" | "repaired";
  readonly object: ObservedObject;
}

/** Calls in flight at once; more would only queue up in the API server. */
const PARALLEL_MAX = 8;

/** What pods refer to: applied before anything that makes pods. */
const FOUNDATION = new Set(["ServiceAccount", "Secret", "ConfigMap", "PersistentVolumeClaim"]);

/**
 * Applies all children whose gates are open. An error of one doesn't stop the others: what the server said to it is
 * reported, and whoever called decides whether to try again.
 */
export async function applyChildren(
  tools: ApplyTools,
  platform: Platform,
  { heads, whole }: DesiredChildren,
  seen: ReadonlyMap<string, ObservedObject>,
  completedJobs: ReadonlySet<string>,
): Promise<ApplyReport> {
  const written: Written[] = [];
  const failures: Failure[] = [];
  const unexpected: unknown[] = [];
  const open = heads.filter(
    (head) =>
      mayApply(head, seen, completedJobs) &&
      !isUnchanged(tools.memory, platform, head, seen.get(childKey(head))),
  );
  const { namespace, name } = platform;
  tools.memory.retain(
    `${namespace}/${name}`,
    new Set(heads.map((head) => memoryKey(platform, head))),
  );
  const unseen = open.filter((head) => !seen.has(childKey(head)));
  const absent = await knownAbsent(tools.client, namespace, unseen);
  const applyOne = async (head: ChildHead) => {
    const child = childKey(head);
    try {
      const known = absent.has(child) ? "absent" : seen.get(child);
      const result = await applyChild(tools, platform, whole(head), known);
      if (result.outcome === "foreign") failures.push(foreign(child));
      else if (result.outcome === "contested") failures.push(contested(child, result.contest));
      else if (result.outcome !== "unchanged") {
        written.push({ child, outcome: result.outcome, object: result.object });
      }
    } catch (error) {
      if (error instanceof ApiError) failures.push(failed(child, error));
      if (!isRefusal(error)) unexpected.push(error);
    }
  };
  const isFoundation = ({ manifest }: ChildHead) => FOUNDATION.has(manifest.kind);
  await inParallel(open.filter(isFoundation), applyOne);
  await inParallel(
    open.filter((head) => !isFoundation(head)),
    applyOne,
  );
  return { written, failures, unexpected: unexpected[0] };
}

/** The server understood and won't have it: an immutable field, a port taken, a quota. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && [400, 403, 422].includes(error.statusCode);
}

function failed(child: string, error: ApiError): Failure {
  return { child, reason: isRefusal(error) ? "Refused" : "Failed", message: error.message };
}

function foreign(child: string): Failure {
  const message =
    "exists and isn't this platform's: rename or delete it, it won't be adopted silently.";
  return { child, reason: "Foreign", message };
}

function contested(child: string, { field, rival }: Contest): Failure {
  const message = `${field} is set again and again by somebody else (${rival}): it is left so for now. End one of the two.`;
  return { child, reason: "Contested", message };
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL_MAX }, worker));
}
