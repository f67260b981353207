import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import {
  KEY_LIFETIME_DAYS,
  PUBLISH_AHEAD_SECONDS,
  RETIRE_AFTER_SECONDS,
  type SigningKeys,
  type Urgency,
} from "../domain/key-ring.ts";
import { publicKeySchema } from "@jatra/contracts/key-set.ts";
import type { StoredKey } from "../domain/signing-key.ts";

/** Any number; the only advisory lock of this database. */
const ROTATION_LOCK = 1;

/** Pods that all at once can open no key make one for all of them, not each its own. */
const FRESH_SECONDS = 10;

type Newest = { readonly due: boolean; readonly fresh: boolean };

const isWanted = ({ due, fresh }: Newest, urgency: Urgency): boolean => {
  if (urgency === "at_once") return !fresh;
  return due || urgency === "ahead";
};

type KeyRow = { kid: string; public_jwk: unknown; private_key: Buffer; signs: boolean };

/** Table `signing_keys`, shared by all pods. */
export const createSigningKeyStore = (pool: pg.Pool): SigningKeys => ({
  rotate: async (candidate, urgency) =>
    inTransaction(pool, async (transaction) => {
      // For this transaction only (PgBouncer!): two pods that start together must agree on one first key.
      await transaction.query("SELECT pg_advisory_xact_lock($1)", [ROTATION_LOCK]);
      await retire(transaction);
      const { rows } = await transaction.query<Newest>(
        `SELECT created_at < now() - make_interval(days => $1) AS due,
                created_at > now() - make_interval(secs => $2) AS fresh
         FROM signing_keys ORDER BY created_at DESC LIMIT 1`,
        [KEY_LIFETIME_DAYS, FRESH_SECONDS],
      );
      const newest = rows[0];
      if (newest && !isWanted(newest, urgency)) return false;
      const isAhead = newest !== undefined && urgency !== "at_once";
      await insert(transaction, candidate, isAhead ? PUBLISH_AHEAD_SECONDS : 0);
      return true;
    }),

  published: async () => {
    const { rows } = await pool.query<KeyRow>({
      name: "published-keys",
      text: `SELECT kid, public_jwk, private_key, active_from <= now() AS signs
             FROM signing_keys
             WHERE retired_at IS NULL OR retired_at > now()
             ORDER BY active_from`,
    });
    const inForce = rows.filter((row) => row.signs).toReversed();
    if (inForce.length === 0) throw new Error("there is no active signing key");
    return { keys: rows.map(storedKeyOf), inForce: inForce.map(storedKeyOf) };
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
