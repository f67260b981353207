import type { ObservedObject } from "../metadata/observed-object.ts";

/** Some hundred are ours (labels, services, conditions), some of people; beyond that something is not a word. */
const WORDS_MAX = 10_000;
/** Names and hashes with digits are one object's own, mostly. */
const OWN = /\d/;

/**
 * Keeps one copy of each word that many objects have: what is parsed from JSON has a string of its own for each «jatra-operator», which
 * is an eighth of all that the operator keeps. Answers an equal object.
 */
export function createSharedWords(): (object: ObservedObject) => ObservedObject {
  const words = new Map<string, string>();

  const one = (word: string): string => {
    const known = words.get(word);
    if (known !== undefined) return known;
    if (words.size < WORDS_MAX) words.set(word, word);
    return word;
  };
  const wordOf = (text: string): string => (OWN.test(text) ? text : one(text));
  const valueOf = (value: unknown): unknown => {
    if (typeof value === "string") return wordOf(value);
    if (Array.isArray(value)) return value.map(valueOf);
    return typeof value === "object" && value !== null ? recordOf(value) : value;
  };
  const recordOf = (record: object): Record<string, unknown> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, valueOf(value)]));
  const textsOf = (texts: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, wordOf(text)]));

  return (object) => ({
    ...object,
    name: wordOf(object.name),
    // All of a platform have it, digits or not.
    namespace: one(object.namespace),
    labels: textsOf(object.labels),
    replicaOwners: object.replicaOwners.map(wordOf),
    raw: recordOf(object.raw),
  });
}
