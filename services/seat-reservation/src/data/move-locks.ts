import { lockColumns, type LockRow } from "./lock-row.ts";

/**
 * One statement that takes locks and their claims to another state together: `update` is an UPDATE of `locks` (with an
 * optional WITH before it in `before`), everything else follows from the rows that it changed. Claims only ever change behind
 * their lock's row lock, so no order among them matters. Claims of a lock that ends are deleted: the lock itself tells
 * what it held, and the table stays as small as the trains. `seen`: whether free seats change by it, which others are told.
 */
export const moveLocks = (move: {
  readonly before?: string;
  readonly update: string;
  readonly to: "PAYING" | "SOLD" | "RELEASED" | "EXPIRED";
  readonly seen: boolean;
}): string => `
  WITH ${move.before ? `${move.before},` : ""}
  moved AS (${move.update} RETURNING locks.*),
  moved_claims AS (${move.to === "PAYING" || move.to === "SOLD" ? keepAs(move.to) : remove})
  ${move.seen ? `, noted AS (${note})` : ""}
  SELECT ${lockColumns("moved")} FROM moved`;

/** By the unique index; the lock id alone has none. */
const ofMoved = `claims.journey_id = moved.journey_id AND claims.seat_id = ANY (moved.seat_ids)
  AND claims.leg >= moved.from_seq AND claims.leg < moved.to_seq
  AND claims.lock_id = moved.lock_id AND claims.state IN ('HELD', 'PAYING', 'SOLD')`;
const keepAs = (state: string): string =>
  `UPDATE claims SET state = '${state}' FROM moved WHERE ${ofMoved}`;
const remove = `DELETE FROM claims USING moved WHERE ${ofMoved}`;
const note = "INSERT INTO seat_changes (journey_id) SELECT DISTINCT journey_id FROM moved";

/**
 * The lock that each of several wishes moved, `undefined` where it didn't. Each row answers one of them, of the same booking where there is
 * one: of two wishes for one lock, the second is too late.
 */
export const answersTo = (
  wishes: readonly { readonly lockId: string; readonly bookingId: string }[],
  moved: readonly LockRow[],
): (LockRow | undefined)[] => {
  const byName = new Map(moved.map((lock) => [`${lock.lockId} ${lock.bookingId}`, lock]));
  return wishes.map(({ lockId, bookingId }) => {
    const name = `${lockId} ${bookingId}`;
    const lock = byName.get(name);
    byName.delete(name);
    return lock;
  });
};
