import type { Child } from "../desired/manifest.ts";
import type { Platform } from "../desired/platform.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import { ApiError } from "../runtime/api-error.ts";
import type { Failure } from "../status/view.ts";
import { applyChild, type ApplyTools } from "./apply-child.ts";
import type { Contest } from "./contests.ts";
import { mayApply } from "./gates.ts";

export interface ApplyReport {
  readonly written: readonly Written[];
  readonly failures: readonly Failure[];
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
 * Applies all children whose gates are open. An error of one doesn't stop the others: those the
 * server refused are reported; the last unexpected error is thrown when all have been tried.
 */
export async function applyChildren(
  tools: ApplyTools,
  platform: Platform,
  children: readonly Child[],
  seen: ReadonlyMap<string, ObservedObject>,
  completedJobs: ReadonlySet<string>,
): Promise<ApplyReport> {
  const written: Written[] = [];
  const failures: Failure[] = [];
  const unexpected: unknown[] = [];
  const applyOne = async (child: Child) => {
    const name = childKey(child);
    try {
      const result = await applyChild(tools, platform, child, seen.get(name));
      if (result.outcome === "foreign") failures.push(foreign(name));
      else if (result.outcome === "contested") failures.push(contested(name, result.contest));
      else if (result.outcome !== "unchanged") {
        written.push({ child: name, outcome: result.outcome, object: result.object });
      }
    } catch (error) {
      if (error instanceof ApiError && isRefusal(error)) {
        failures.push({ child: name, reason: "Refused", message: error.message });
      } else unexpected.push(error);
    }
  };
  const open = children.filter((child) => mayApply(child, seen, completedJobs));
  const isFoundation = (child: Child) => FOUNDATION.has(child.manifest.kind);
  await inParallel(open.filter(isFoundation), applyOne);
  await inParallel(
    open.filter((child) => !isFoundation(child)),
    applyOne,
  );
  if (unexpected.length > 0) throw unexpected[0];
  return { written, failures };
}

export function childKey(child: Child): string {
  return `${child.manifest.kind}/${child.manifest.metadata.name}`;
}

/** The server understood and won't have it: an immutable field, a port taken, a quota. */
function isRefusal(error: ApiError): boolean {
  return error.statusCode === 422 || error.statusCode === 403 || error.statusCode === 400;
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
