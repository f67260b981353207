import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import type { FareVersion } from "@jatra/contracts/timetable.ts";

type FareRow = Omit<FareVersion, "createdAt"> & { createdAt: Date };
/** Place in the list of versions: creation and id of the last one shown. */
export type FareKey = readonly [createdAt: string, id: string];

const SELECT = `
  SELECT f.fare_version_id AS id, f.currency, f.created_at AS "createdAt",
         (SELECT jsonb_agg(jsonb_build_object('class', r.class, 'perKm', r.per_km, 'minimum', r.minimum)
                   ORDER BY r.minimum DESC, r.class)
            FROM fare_rates r WHERE r.fare_version_id = f.fare_version_id) AS rates
    FROM fare_versions f`;

/** Versions, newest first, up to `limit` after a key. */
export const listFares = async (
  database: Queryable,
  after: FareKey | undefined,
  limit: number,
): Promise<FareVersion[]> => {
  const { rows } = await database.query<FareRow>(
    `${SELECT}
      WHERE $1::timestamptz IS NULL
         OR (f.created_at, f.fare_version_id) < ($1::timestamptz, $2::uuid)
      ORDER BY f.created_at DESC, f.fare_version_id DESC LIMIT $3`,
    [after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return rows.map(toFare);
};

export const findFare = async (
  database: Queryable,
  id: string,
): Promise<FareVersion | undefined> => {
  const { rows } = await database.query<FareRow>(`${SELECT} WHERE f.fare_version_id::text = $1`, [
    id,
  ]);
  return rows.map(toFare)[0];
};

/** The version that journeys published now get; `undefined` before the first. */
export const currentFare = async (database: Queryable): Promise<Journey["fare"] | undefined> => {
  const [newest] = await listFares(database, undefined, 1);
  return newest && { fareVersionId: newest.id, currency: newest.currency, rates: newest.rates };
};

/** Adds a version; the former ones stay, since journeys refer to them. */
export const insertFare = async (
  transaction: Queryable,
  id: string,
  rates: FareVersion["rates"],
): Promise<void> => {
  const text = "INSERT INTO fare_versions (fare_version_id, currency) VALUES ($1, 'BDT')";
  await transaction.query(text, [id]);
  await transaction.query(
    `INSERT INTO fare_rates (fare_version_id, class, per_km, minimum)
     SELECT $1, r.class, r."perKm", r.minimum
       FROM jsonb_to_recordset($2::jsonb) AS r (class text, "perKm" double precision, minimum bigint)`,
    [id, JSON.stringify(rates)],
  );
};

const toFare = (row: FareRow): FareVersion => ({ ...row, createdAt: row.createdAt.toISOString() });
