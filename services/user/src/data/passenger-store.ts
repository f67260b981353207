import { randomUUID } from "node:crypto";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { PassengerInput, SavedPassenger } from "@jatra/contracts/http/user.ts";

/** `date_of_birth` as text: a `date` read as a Date would move with the time zone. */
const columns = `id AS "passengerId", name, phone, date_of_birth::text AS "dateOfBirth"`;

export const listPassengers = async (
  database: Queryable,
  userId: string,
): Promise<SavedPassenger[]> => {
  const { rows } = await database.query<SavedPassenger>({
    name: "passengers",
    text: `SELECT ${columns} FROM saved_passengers WHERE user_id = $1 ORDER BY created_at, id`,
    values: [userId],
  });
  return rows;
};

export const findPassenger = async (
  database: Queryable,
  userId: string,
  passengerId: string,
): Promise<SavedPassenger | undefined> => {
  const { rows } = await database.query<SavedPassenger>(
    `SELECT ${columns} FROM saved_passengers WHERE user_id = $1 AND id = $2`,
    [userId, passengerId],
  );
  return rows[0];
};

/**
 * Saves one more unless there are `max` already; `undefined` then. Needs a transaction and the user's profile: locking its row
 * makes those who save at once count one after the other.
 */
export const addPassenger = async (
  transaction: Queryable,
  userId: string,
  passenger: PassengerInput,
  max: number,
): Promise<SavedPassenger | undefined> => {
  await transaction.query("SELECT 1 FROM profiles WHERE user_id = $1 FOR UPDATE", [userId]);
  const { rows } = await transaction.query<SavedPassenger>(
    `INSERT INTO saved_passengers (id, user_id, name, phone, date_of_birth)
     SELECT $1, $2, $3, $4, $5
     WHERE (SELECT count(*) FROM saved_passengers WHERE user_id = $2) < $6
     RETURNING ${columns}`,
    [randomUUID(), userId, passenger.name, passenger.phone, passenger.dateOfBirth, max],
  );
  return rows[0];
};

export const replacePassenger = async (
  database: Queryable,
  userId: string,
  passengerId: string,
  passenger: PassengerInput,
): Promise<SavedPassenger | undefined> => {
  const { rows } = await database.query<SavedPassenger>(
    `UPDATE saved_passengers SET name = $3, phone = $4, date_of_birth = $5
     WHERE user_id = $1 AND id = $2 RETURNING ${columns}`,
    [userId, passengerId, passenger.name, passenger.phone, passenger.dateOfBirth],
  );
  return rows[0];
};

/** Whether there was one. */
export const deletePassenger = async (
  database: Queryable,
  userId: string,
  passengerId: string,
): Promise<boolean> => {
  const { rowCount } = await database.query(
    "DELETE FROM saved_passengers WHERE user_id = $1 AND id = $2",
    [userId, passengerId],
  );
  return rowCount === 1;
};
