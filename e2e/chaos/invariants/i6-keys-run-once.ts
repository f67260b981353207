import { fieldOf, type JournalEntry } from "../client/journal.ts";
import type { Snapshot } from "../reading/snapshot.ts";
import { groupBy } from "./group-by.ts";

/**
 * I6: one idempotency key runs once and answers the same bytes. From the journals: all successes under a key are equal. From
 * the databases: a client has at most one lock for each key that it acquired with.
 */
export const i6KeysRunOnce = ({ journal, locks }: Snapshot): string[] => {
  const keyed = journal.filter(({ key, action }) => key !== null && action !== "trespass");
  const byKey = groupBy(keyed, ({ userId, action, key }) => `${userId} ${action} ${key}`);
  return [...[...byKey].flatMap(([name, tries]) => differing(name, tries)), ...extra(keyed, locks)];
};

const differing = (name: string, tries: readonly JournalEntry[]): string[] => {
  const successes = tries.filter(({ status }) => status !== null && status < 300);
  const answers = new Set(successes.map(({ status, body }) => `${status} ${body}`));
  return answers.size > 1 ? [`${name} was answered in ${answers.size} ways`] : [];
};

const extra = (keyed: readonly JournalEntry[], locks: Snapshot["locks"]): string[] => {
  const acquires = keyed.filter(({ action }) => action === "acquire");
  return [...groupBy(acquires, ({ userId }) => userId)].flatMap(([userId, tries]) => {
    const mine = locks.filter((lock) => lock.userId === userId);
    const keys = groupBy(tries, ({ key }) => key ?? "");
    // A key that was only ever refused has no lock; one without an answer may have.
    const may = [...keys.values()].filter((same) => same.some(mayHaveRun));
    const told = new Set(tries.map((entry) => fieldOf(entry, "lockId")).filter(Boolean));
    return mine.length > may.length
      ? [`${userId} has ${mine.length} locks of ${may.length} keys (${told.size} answered)`]
      : [];
  });
};

const mayHaveRun = ({ status }: JournalEntry): boolean =>
  status === null || status < 300 || status >= 500;
