import { findPlatform } from "../find-platform.ts";
import type { Session } from "../session.ts";
import { age } from "../status/status-table.ts";
import { table } from "../table.ts";
import { readHistory, type HistoryEntry } from "./read-history.ts";

/** Prints the revisions of a platform, oldest first. */
export async function runHistory(session: Session): Promise<number> {
  const resource = await findPlatform(session);
  const history = await readHistory(session, resource);
  if (session.options.isJson) {
    session.printJson({ rollout: resource.status?.rollout, revisions: history });
    return 0;
  }
  session.print(historyLines(history, Date.now(), session.paint));
  return 0;
}

/** Names that fit a line; more is told by their number. */
const NAMES_MAX = 3;

/** Pure. */
export function historyLines(
  history: readonly HistoryEntry[],
  nowMs: number,
  paint: Session["paint"],
): string[] {
  if (history.length === 0) return ["No revisions yet: is the operator running?"];
  const head = ["REVISION", "VERSION", "AGE", "STATE", "CHANGED"];
  return table([
    head.map((text) => ({ text, paint: paint.dim })),
    ...history.map(({ revision, version, createdAt, state, changed }) => {
      const colour = state === "rejected" || state === "stopped" ? paint.bad : paint.good;
      return [
        { text: String(revision) },
        { text: version },
        { text: age((nowMs - Date.parse(createdAt)) / 1000) },
        { text: state, paint: colour },
        { text: changedText(changed) },
      ];
    }),
  ]);
}

function changedText(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return names.slice(0, NAMES_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
