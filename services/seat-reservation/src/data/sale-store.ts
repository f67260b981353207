import type { Queryable } from "@jatra/common/database/queryable.ts";
import { rowsOf } from "@jatra/common/database/rows-of.ts";
import { createBatches } from "@jatra/common/service/create-batches.ts";
import type { BookingsWord, SaleStore } from "../domain/apply-bookings-word.ts";
import type { LockRecord } from "../domain/lock-record.ts";
import { lockColumns, type LockRow } from "./lock-row.ts";
import { answersTo, moveLocks } from "./move-locks.ts";

/** Sales a statement; nobody waits for them, since the seats are taken already. */
const SALES = { itemsMax: 128, runningMax: 1, gatherMs: 50 } as const;

/** The end of payments in seat_db. */
export const createSaleStore = (database: Queryable): SaleStore => ({
  sell: createBatches((words: readonly BookingsWord[]) => sellPaid(database, words), SALES),
  free: async (word) => freePaid(database, word),
  findFreed: async (word) => findFreed(database, word),
});

const sellStatement = moveLocks({
  update: `UPDATE locks SET state = 'SOLD',
      booking_version = greatest(locks.booking_version, word.booking_version)
    FROM ${rowsOf("word", {
      lock_id: "uuid",
      booking_id: "uuid",
      booking_version: "int",
      state: "text",
    })}
    WHERE locks.lock_id = word.lock_id AND locks.booking_id = word.booking_id
      AND locks.state = word.state`,
  to: "SOLD",
  // Taken before, taken after.
  seen: false,
});

/** PAYING → SOLD; `undefined` where there is nothing (any more) to do. */
const sellPaid = async (
  database: Queryable,
  words: readonly BookingsWord[],
): Promise<(LockRecord | undefined)[]> => {
  const { rows } = await database.query<LockRow>({
    name: "lock-sell",
    text: sellStatement,
    values: [
      words.map(({ lockId }) => lockId),
      words.map(({ bookingId }) => bookingId),
      words.map(({ bookingVersion }) => bookingVersion),
      // By parameter: by name, it would lead the planner to the index of all that is being paid.
      words.map(() => "PAYING"),
    ],
  });
  return answersTo(words, rows);
};

const freeStatement = moveLocks({
  update: `UPDATE locks SET state = 'RELEASED', booking_version = greatest(booking_version, $3)
    WHERE lock_id = $1 AND booking_id = $2
      AND (state = 'PAYING' OR (state = 'SOLD' AND booking_version <= $3))`,
  to: "RELEASED",
  seen: true,
});

/** PAYING or SOLD → RELEASED, unless a newer event of the booking sold them; `undefined` where nothing changed. */
const freePaid = async (
  database: Queryable,
  word: BookingsWord,
): Promise<LockRecord | undefined> => {
  const { rows } = await database.query<LockRow>({
    name: "lock-free",
    text: freeStatement,
    values: [word.lockId, word.bookingId, word.bookingVersion],
  });
  return rows[0];
};

const freedStatement = `SELECT ${lockColumns("locks")} FROM locks
  WHERE lock_id = $1 AND booking_id = $2 AND state = 'RELEASED'`;

const findFreed = async (
  database: Queryable,
  word: BookingsWord,
): Promise<LockRecord | undefined> => {
  const { rows } = await database.query<LockRow>({
    name: "lock-find-freed",
    text: freedStatement,
    values: [word.lockId, word.bookingId],
  });
  return rows[0];
};
