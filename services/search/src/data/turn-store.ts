import type { Queryable } from "@jatra/common/database/queryable.ts";

/** True for one caller of all pods each `everySeconds`. */
export const takeTurn = async (
  database: Queryable,
  name: string,
  everySeconds: number,
): Promise<boolean> => {
  const { rowCount } = await database.query(
    `UPDATE turns SET next_at = now() + make_interval(secs => $2)
      WHERE name = $1 AND next_at <= now()`,
    [name, everySeconds],
  );
  return rowCount === 1;
};

/** Gives the turn back: the work failed, and whoever asks next may try. */
export const giveTurnBack = async (database: Queryable, name: string): Promise<void> => {
  await database.query("UPDATE turns SET next_at = '-infinity' WHERE name = $1", [name]);
};
