import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import {
  KEY_LIFETIME_DAYS,
  PUBLISH_AHEAD_SECONDS,
  RETIRE_AFTER_SECONDS,
  type SigningKeys,
} from "../domain/key-ring.ts";
import { publicKeySchema } from "@jatra/contracts/key-set.ts";
import type { StoredKey } from "../domain/signing-key.ts";

/** Any number; the only advisory lock of this database. */
const ROTATION_LOCK = 1;

type KeyRow = { kid: string; public_jwk: unknown; private_key: Buffer; signs: boolean };

/** Table `signing_keys`, shared by all pods. */
export const createSigningKeyStore = (pool: pg.Pool): SigningKeys => ({
  rotate: async (candidate, force) =>
    inTransaction(pool, async (transaction) => {
      // For this transaction only (PgBouncer!): two pods that start together must agree on one first key.
      await transaction.query("SELECT pg_advisory_xact_lock($1)", [ROTATION_LOCK]);
      await retire(transaction);
      const { rows } = await transaction.query<{ due: boolean }>(
        `SELECT created_at < now() - make_interval(days => $1) AS due FROM signing_keys
         ORDER BY created_at DESC LIMIT 1`,
        [KEY_LIFETIME_DAYS],
      );
      const newest = rows[0];
      if (newest && !newest.due && !force) return false;
      await insert(transaction, candidate, newest ? PUBLISH_AHEAD_SECONDS : 0);
      return true;
    }),

  published: async () => {
    const { rows } = await pool.query<KeyRow>({
      name: "published-keys",
      text: `SELECT kid, public_jwk, private_key,
                    active_from = max(active_from) FILTER (WHERE active_from <= now()) OVER () AS signs
             FROM signing_keys
             WHERE retired_at IS NULL OR retired_at > now()
             ORDER BY active_from`,
    });
    const active = rows.findLast((row) => row.signs);
    if (!active) throw new Error("there is no active signing key");
    return { keys: rows.map(storedKeyOf), activeKid: active.kid };
  },
});

/** Gives every key that has a successor in force its last hour, and forgets those that had it. */
const retire = async (transaction: Queryable): Promise<void> => {
  await transaction.query(
    `UPDATE signing_keys old SET retired_at = now() + make_interval(secs => $1)
     WHERE retired_at IS NULL AND EXISTS (
       SELECT 1 FROM signing_keys newer
       WHERE newer.active_from > old.active_from AND newer.active_from <= now())`,
    [RETIRE_AFTER_SECONDS],
  );
  await transaction.query("DELETE FROM signing_keys WHERE retired_at < now()");
};

const insert = async (
  transaction: Queryable,
  key: StoredKey,
  publishAheadSeconds: number,
): Promise<void> => {
  await transaction.query(
    `INSERT INTO signing_keys (kid, public_jwk, private_key, active_from)
     VALUES ($1, $2, $3, now() + make_interval(secs => $4))`,
    [key.kid, JSON.stringify(key.publicKey), key.wrappedPrivateKey, publishAheadSeconds],
  );
};

const storedKeyOf = (row: KeyRow): StoredKey => ({
  kid: row.kid,
  publicKey: publicKeySchema.parse(row.public_jwk),
  wrappedPrivateKey: row.private_key,
});
