import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Account } from "../domain/account.ts";
import type { NewSessions } from "../domain/open-session.ts";
import { FAMILY_DAYS, REFRESH_TOKEN_DAYS } from "../domain/refresh-token.ts";
import type { RotatingSessions } from "../domain/refresh-session.ts";

export type SessionStore = NewSessions &
  RotatingSessions & {
    /** Revokes the family of a token; nothing happens for an unknown one. */
    readonly end: (tokenHash: Buffer) => Promise<void>;
  };

type TokenRow = { family_id: string; user_id: string; used: boolean; live: boolean };

/** Tables `refresh_families` and `refresh_tokens`. */
export const createSessionStore = (pool: pg.Pool): SessionStore => ({
  open: async ({ familyId, userId, tokenHash }) => {
    await inTransaction(pool, async (transaction) => {
      await transaction.query(
        `INSERT INTO refresh_families (id, user_id, expires_at)
         VALUES ($1, $2, now() + make_interval(days => $3))`,
        [familyId, userId, FAMILY_DAYS],
      );
      await insertToken(transaction, familyId, tokenHash);
    });
  },

  rotate: async (oldHash, newHash) =>
    inTransaction(pool, async (transaction) => {
      const token = await lockToken(transaction, oldHash);
      if (!token) return { outcome: "invalid" };
      const { family_id: familyId, user_id: userId } = token;
      if (token.used) {
        await revoke(transaction, familyId, "reuse");
        return { outcome: "reused", userId, familyId };
      }
      if (!token.live) return { outcome: "invalid" };
      await transaction.query("UPDATE refresh_tokens SET used_at = now() WHERE token_hash = $1", [
        oldHash,
      ]);
      await insertToken(transaction, familyId, newHash);
      const account = await accountById(transaction, userId);
      return account ? { outcome: "rotated", account } : { outcome: "invalid" };
    }),

  end: async (tokenHash) => {
    await inTransaction(pool, async (transaction) => {
      const token = await lockToken(transaction, tokenHash);
      if (token) await revoke(transaction, token.family_id, "logout");
    });
  },
});

/**
 * The token with its family locked: of two that come at once with one token, the second waits here and then sees
 * it used. Locking the token's row alone would let a rotation slip past a revocation of the family.
 */
const lockToken = async (transaction: Queryable, hash: Buffer): Promise<TokenRow | undefined> => {
  const locked = await transaction.query(
    `SELECT 1 FROM refresh_families
     WHERE id = (SELECT family_id FROM refresh_tokens WHERE token_hash = $1) FOR UPDATE`,
    [hash],
  );
  if (locked.rowCount === 0) return undefined;
  // A second statement: under READ COMMITTED it sees what was committed while the first one waited.
  const { rows } = await transaction.query<TokenRow>(
    `SELECT f.id AS family_id, f.user_id, t.used_at IS NOT NULL AS used,
            f.revoked_at IS NULL AND f.expires_at > now() AND t.expires_at > now() AS live
     FROM refresh_tokens t JOIN refresh_families f ON f.id = t.family_id
     WHERE t.token_hash = $1`,
    [hash],
  );
  return rows[0];
};

const insertToken = async (
  transaction: Queryable,
  familyId: string,
  tokenHash: Buffer,
): Promise<void> => {
  await transaction.query(
    `INSERT INTO refresh_tokens (token_hash, family_id, expires_at)
     SELECT $1, id, least(expires_at, now() + make_interval(days => $3))
     FROM refresh_families WHERE id = $2`,
    [tokenHash, familyId, REFRESH_TOKEN_DAYS],
  );
};

const revoke = async (
  transaction: Queryable,
  familyId: string,
  because: "logout" | "reuse",
): Promise<void> => {
  await transaction.query(
    `UPDATE refresh_families SET revoked_at = now(), revoked_because = $2
     WHERE id = $1 AND revoked_at IS NULL`,
    [familyId, because],
  );
};

const accountById = async (
  transaction: Queryable,
  userId: string,
): Promise<Account | undefined> => {
  const { rows } = await transaction.query<Account>(
    "SELECT id, email, name, phone, role FROM users WHERE id = $1",
    [userId],
  );
  return rows[0];
};
