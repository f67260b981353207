import type { StatusCause } from "../runtime/api-error.ts";

/** More than a person changes a field within the window, and few enough to wear nobody out. */
const FORCES_MAX = 5;
const WINDOW_MS = 10 * 60_000;
/** Far above what real rivals take; a bound all the same. */
const FIELDS_MAX = 1000;

/** A field that somebody else sets again and again. */
export interface Contest {
  readonly field: string;
  /** As the API server names it: `conflict with "kubectl-edit" using apps/v1`. */
  readonly rival: string;
}

/**
 * Counts how often each field was taken back from the same rival. Two controllers that both insist would
 * write for ever and restart pods with each round, so after a few rounds the operator lets go, and tries
 * again when the window has moved on. In memory only: a new leader may well try anew.
 */
export class Contests {
  readonly #forcedAt = new Map<string, number[]>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /**
   * Asks to force these fields of an object, by the causes of the server's conflict. Answers the
   * first that has been forced too often; otherwise counts them all and answers undefined.
   */
  refuse(object: string, causes: readonly StatusCause[]): Contest | undefined {
    const now = this.#nowMs();
    const entries = causes.map((cause) => {
      const key = `${object} ${cause.field} ${cause.message}`;
      const recent = (this.#forcedAt.get(key) ?? []).filter((at) => now - at < WINDOW_MS);
      return { cause, key, recent };
    });
    const lost = entries.find(({ recent }) => recent.length >= FORCES_MAX);
    if (lost !== undefined) return { field: lost.cause.field, rival: lost.cause.message };
    if (this.#forcedAt.size > FIELDS_MAX) this.#forcedAt.clear();
    for (const { key, recent } of entries) this.#forcedAt.set(key, [...recent, now]);
    return undefined;
  }
}
