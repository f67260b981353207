import { Problem } from "@jatra/common/http/problem.ts";
import type { Tokens } from "@jatra/contracts/http/auth.ts";
import type { AccountWithPassword } from "./account.ts";
import type { PasswordHasher } from "./hash-password.ts";
import { isRefused, type LoginFailures } from "./lock-out.ts";
import type { SessionOpener } from "./open-session.ts";

export type LogInDependencies = {
  readonly accounts: {
    readonly byEmail: (email: string) => Promise<AccountWithPassword | undefined>;
  };
  readonly passwords: PasswordHasher;
  readonly failures: LoginFailures;
  readonly openSession: SessionOpener;
};

/**
 * Signs in. Throws `invalid_credentials` (the same, after the same time, for an unknown address) or `account_locked`.
 *
 * Tries that run in parallel can't get past the lock-out: the lock is looked at again after the password was checked, so
 * once five have failed neither a wrong nor the right password is told from the other, and correct logins in parallel never
 * lock anybody out (counting tries before checking them would).
 */
export const logIn = async (
  dependencies: LogInDependencies,
  credentials: { readonly email: string; readonly password: string; readonly address: string },
): Promise<Tokens> => {
  const { email, password, address } = credentials;
  refuseIfLocked(await dependencies.failures.lockedForSeconds(email, address));
  const account = await dependencies.accounts.byEmail(email);
  const fits = await dependencies.passwords.verify(password, account?.passwordHash);
  if (!fits || !account) {
    const recorded = await dependencies.failures.record(email, address);
    if (isRefused(recorded)) refuseIfLocked(recorded.lockedForSeconds);
    throw new Problem("invalid_credentials");
  }
  refuseIfLocked(await dependencies.failures.lockedForSeconds(email, address));
  await dependencies.failures.forget(email, address);
  return dependencies.openSession(account);
};

const refuseIfLocked = (seconds: number): void => {
  if (seconds <= 0) return;
  throw new Problem("account_locked", { headers: { "Retry-After": String(seconds) } });
};
