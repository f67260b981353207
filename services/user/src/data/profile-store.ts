import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Profile } from "@jatra/contracts/http/user.ts";
import type { Identity } from "@jatra/contracts/identity.ts";
import type { UserRegistered } from "@jatra/contracts/messages/user-registered.ts";

type ProfileRow = {
  user_id: string;
  name: string;
  email: string;
  phone: string | null;
  updated_at: Date;
};

/**
 * The profile of a signed-in user, made from the identity when there is none: the first admin never registered, and a new user may be
 * faster than the event.
 */
export const readProfile = async (database: Queryable, identity: Identity): Promise<Profile> => {
  const known = await database.query<ProfileRow>({
    name: "profile",
    text: `SELECT ${columns} FROM profiles WHERE user_id = $1`,
    values: [identity.userId],
  });
  if (known.rows[0]) return profileOf(known.rows[0]);
  // Two at once: the second's insert changes nothing and answers what the first has written.
  const made = await database.query<ProfileRow>(
    `INSERT INTO profiles (user_id, name, email) VALUES ($1, $2, $3)
     ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id RETURNING ${columns}`,
    [identity.userId, identity.name, identity.email],
  );
  return only(made.rows);
};

/** Sets what is given and leaves the rest. `phone: null` forgets it. */
export const changeProfile = async (
  database: Queryable,
  identity: Identity,
  change: { readonly name?: string | undefined; readonly phone?: string | null | undefined },
): Promise<Profile> => {
  const { rows } = await database.query<ProfileRow>(
    `INSERT INTO profiles AS p (user_id, name, email, phone, edited_at)
     VALUES ($1, coalesce($4, $2), $3, $5, now())
     ON CONFLICT (user_id) DO UPDATE SET
       name = coalesce($4, p.name),
       phone = CASE WHEN $6 THEN $5 ELSE p.phone END,
       updated_at = now(),
       edited_at = now()
     RETURNING ${columns}`,
    [
      identity.userId,
      identity.name,
      identity.email,
      change.name ?? null,
      change.phone ?? null,
      change.phone !== undefined,
    ],
  );
  return only(rows);
};

/** Takes in a registration: makes the profile, or completes one that was made from an identity and not edited since. */
export const registerProfile = async (
  database: Queryable,
  { userId, name, email, phone }: UserRegistered,
): Promise<void> => {
  await database.query(
    `INSERT INTO profiles AS p (user_id, name, email, phone) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id) DO UPDATE SET phone = excluded.phone, updated_at = now()
     WHERE p.phone IS NULL AND p.edited_at IS NULL`,
    [userId, name, email, phone],
  );
};

const columns = "user_id, name, email, phone, updated_at";

const profileOf = (row: ProfileRow): Profile => ({
  userId: row.user_id,
  name: row.name,
  email: row.email,
  phone: row.phone,
  updatedAt: row.updated_at.toISOString(),
});

const only = (rows: readonly ProfileRow[]): Profile => {
  const row = rows[0];
  if (!row) throw new Error("an upsert answered no row");
  return profileOf(row);
};
