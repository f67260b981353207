import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { appendOutbox } from "@jatra/common/outbox/append-outbox.ts";
import type { Role } from "@jatra/contracts/identity.ts";
import type { UserRegistered } from "@jatra/contracts/messages/user-registered.ts";
import type { AccountWithPassword } from "../domain/account.ts";
import type { AdminAccounts } from "../domain/ensure-admin.ts";
import type { LogInDependencies } from "../domain/log-in.ts";
import type { NewAccounts } from "../domain/register-account.ts";

type AccountRow = {
  id: string;
  email: string;
  name: string;
  phone: string;
  role: Role;
  password_hash: string;
};

export type AccountStore = NewAccounts & LogInDependencies["accounts"] & AdminAccounts;

/** Table `users`. `wakeRelay` is called after an event was committed, so that it goes out at once. */
export const createAccountStore = (pool: pg.Pool, wakeRelay: () => void): AccountStore => ({
  byEmail: async (email) => {
    const { rows } = await pool.query<AccountRow>({
      name: "account-by-email",
      text: "SELECT id, email, name, phone, role, password_hash FROM users WHERE email = $1",
      values: [email],
    });
    return rows[0] && accountOf(rows[0]);
  },

  add: async (account, requestId) => {
    const added = await inTransaction(pool, async (transaction) => {
      const { rowCount } = await transaction.query(
        `INSERT INTO users (id, email, name, phone, role, password_hash)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email) DO NOTHING`,
        columnsOf(account),
      );
      if (rowCount === 0) return false;
      await appendOutbox(transaction, {
        exchange: "user.exchange",
        routingKey: "user.registered",
        content: registrationOf(account),
        requestId,
      });
      return true;
    });
    if (added) wakeRelay();
    return added;
  },

  putAdmin: async (admin) => {
    await inTransaction(pool, async (transaction) => {
      const { rows } = await transaction.query<{ id: string }>(
        `INSERT INTO users (id, email, name, phone, role, password_hash)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (email) DO UPDATE SET role = 'admin', password_hash = excluded.password_hash
         RETURNING id`,
        columnsOf(admin),
      );
      // Whoever was signed in with the old password (or as a customer) isn't the admin of now.
      await transaction.query(
        `UPDATE refresh_families SET revoked_at = now(), revoked_because = 'password_changed'
         WHERE user_id = $1 AND revoked_at IS NULL`,
        [rows[0]?.id],
      );
    });
  },
});

const accountOf = ({ password_hash: passwordHash, ...row }: AccountRow): AccountWithPassword => ({
  ...row,
  passwordHash,
});

const columnsOf = (account: AccountWithPassword): string[] => [
  account.id,
  account.email,
  account.name,
  account.phone,
  account.role,
  account.passwordHash,
];

const registrationOf = (account: AccountWithPassword): UserRegistered => ({
  userId: account.id,
  name: account.name,
  email: account.email,
  phone: account.phone,
});
