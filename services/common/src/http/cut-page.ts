import { encodeCursor } from "./cursor.ts";

/**
 * One page of a list that was read with `limit + 1`: the rows that are shown, and the cursor of the last of them where there
 * is another one behind it. `keyOf` gives a row's sort key.
 */
export const cutPage = <Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => unknown,
): { readonly shown: readonly Row[]; readonly nextCursor: string | null } => {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { shown, nextCursor: last === undefined ? null : encodeCursor(keyOf(last)) };
};
