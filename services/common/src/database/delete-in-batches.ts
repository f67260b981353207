import type { Queryable } from "./queryable.ts";

/** Some ms of locks at a time. */
const BATCH_ROWS = 1_000;

/**
 * Repeats a DELETE of at most `$1` rows until it finds fewer; answers how many went in all. `text` picks its rows with SKIP LOCKED,
 * so that any number may run at a time; its own parameter is `$2`.
 */
export const deleteInBatches = async (
  database: Queryable,
  text: string,
  parameter: number | string,
): Promise<number> => {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await database.query(text, [BATCH_ROWS, parameter]);
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH_ROWS) return deleted;
  }
};
