import { ANNOTATION_ROLLBACK } from "../metadata/labels.ts";

export interface RollbackRequest {
  readonly revision: number;
  /** The annotation's whole value: a new one is a new request. */
  readonly value: string;
}

/**
 * The value of the annotation by which a person asks for an older revision: its number, the wish
 * that it overrides, and when. It is void as soon as the spec means something else, so nobody
 * has to take it away; the time tells it from an earlier request of the same kind.
 */
export function rollbackRequest(revision: number, wish: string, epochSeconds: number): string {
  return `${revision}/${wish}/${epochSeconds}`;
}

/** What is asked for under the present wish. */
export function readRollbackRequest(
  annotations: Readonly<Record<string, string>>,
  wish: string,
): RollbackRequest | undefined {
  const value = annotations[ANNOTATION_ROLLBACK] ?? "";
  const [, revision, forWish] = /^(\d{1,9})\/([0-9a-f]{1,32})\/\d{1,12}$/.exec(value) ?? [];
  return revision === undefined || forWish !== wish
    ? undefined
    : { revision: Number(revision), value };
}
