/** What pods agree on. Half open is no shared state: to the others such a pod is open until its probe has ended. */
export type SharedState = "closed" | "open";

/** One pod's word about one circuit: its knowledge, and whether it has just counted a failure under it. */
export type SharedWord = {
  readonly version: number;
  readonly state: SharedState;
  readonly failure: boolean;
};

/** Whether `a` is later knowledge than `b`. Of two changes made at once the opening wins, in every pod alike. */
export const outranks = (a: SharedWord, b: SharedWord): boolean =>
  a.version > b.version || (a.version === b.version && a.state === "open" && b.state === "closed");
