import type { PlatformResource } from "../../api/platform.ts";
import { ANNOTATION_ROLLBACK } from "../../metadata/labels.ts";
import { rollbackRequest } from "../../rollout/rollback-request.ts";
import { annotate } from "../annotate.ts";
import { findPlatform } from "../find-platform.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { readHistory, type HistoryEntry } from "./read-history.ts";

/** Asks the operator for an older revision: an annotation, so that the spec stays what people wrote. */
export async function runRollback(session: Session): Promise<number> {
  const resource = await findPlatform(session);
  const rollout = resource.status?.rollout;
  if (rollout === undefined) {
    throw new UsageError("There are no revisions yet: is the operator running?");
  }
  const history = await readHistory(session, resource);
  const revision = targetOf(session.options.to, resource, history);
  const seconds = Math.floor(Date.now() / 1000);
  const value = rollbackRequest(revision, rollout.wish, seconds);
  await annotate(session, resource, { [ANNOTATION_ROLLBACK]: value });
  const platform = `${resource.metadata.namespace}/${resource.metadata.name}`;
  if (session.options.isJson) {
    session.printJson({ platform, from: rollout.revision, to: revision });
    return 0;
  }
  const paused =
    resource.spec.paused === true ? " It is paused: nothing happens before jatractl resume." : "";
  session.print([
    `${platform} goes back from revision ${rollout.revision} to ${revision}, and stays there until the spec changes.${paused}`,
  ]);
  return 0;
}

/** What was asked for, or the one that was in place before the present. Throws UsageError. */
export function targetOf(
  asked: number | undefined,
  { status }: Pick<PlatformResource, "status">,
  history: readonly HistoryEntry[],
): number {
  const present = status?.rollout;
  const numbers = history.map(({ revision }) => revision);
  if (asked !== undefined) {
    if (asked === present?.revision) {
      throw new UsageError(`Revision ${asked} is the present one: see jatractl history.`);
    }
    if (numbers.includes(asked)) return asked;
    throw new UsageError(`There is no revision ${asked}; there is ${numbers.join(", ")}.`);
  }
  const good = present?.goodRevision;
  if (good !== undefined && good !== present?.revision) return good;
  const entry = history.find(({ revision }) => revision === present?.revision);
  if (entry?.previous !== undefined) return entry.previous;
  throw new UsageError("There is no revision before the present one: see jatractl history.");
}
