export type Action = "acquire" | "release" | "book" | "cancel" | "trespass";

/** One try of one request, as its client saw it. A request that is repeated under its key has several. */
export type JournalEntry = {
  /** When it was sent, and when it was answered or given up. */
  readonly sentAt: Date;
  readonly at: Date;
  readonly userId: string;
  readonly action: Action;
  /** The idempotency key; null where the request had none. */
  readonly key: string | null;
  /** What the request was about: the lock of a booking, the booking of a cancellation. */
  readonly subjectId: string | null;
  /** Null: no answer came, so the request may have had its effect or not. */
  readonly status: number | null;
  /** The answer's bytes as text. */
  readonly body: string;
};

export type Journal = {
  readonly entries: readonly JournalEntry[];
  readonly write: (entry: Omit<JournalEntry, "at">) => void;
};

/** Kept by the clients alone, in memory: no service and no store has a part in it. */
export const createJournal = (): Journal => {
  const entries: JournalEntry[] = [];
  return { entries, write: (entry) => void entries.push({ at: new Date(), ...entry }) };
};

/** A field of an answer's JSON, if it has one. */
export const fieldOf = (entry: JournalEntry, field: string): string | undefined => {
  if (entry.body === "") return undefined;
  const body: unknown = JSON.parse(entry.body);
  if (typeof body !== "object" || body === null) return undefined;
  const value: unknown = Object.entries(body).find(([name]) => name === field)?.[1];
  return typeof value === "string" ? value : undefined;
};
