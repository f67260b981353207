import type pg from "pg";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { Config } from "./config.ts";
import { createAccountStore } from "./data/account-store.ts";
import { createSigningKeyStore } from "./data/signing-key-store.ts";
import { ensureAdmin } from "./domain/ensure-admin.ts";
import { createPasswordHasher, type PasswordHasher } from "./domain/hash-password.ts";
import { createKeyRing, type KeyRing } from "./domain/key-ring.ts";
import { limitConcurrency } from "./domain/limit-concurrency.ts";

/**
 * Two hashes at once keep two of the four threads that Node also resolves names with; 64 in line are about five
 * seconds' work of one core, and nobody waits longer for a login.
 */
const HASHING = { running: 2, waiting: 64 };

/** What must be there before the first request: signing keys in the database and the first admin. */
export const prepare = async (dependencies: {
  readonly pool: pg.Pool;
  readonly config: Pick<Config, "KEY_ENCRYPTION_KEY" | "ADMIN_EMAIL" | "ADMIN_PASSWORD">;
  readonly logger: Logger;
}): Promise<{ readonly keyRing: KeyRing; readonly passwords: PasswordHasher }> => {
  const { pool, config, logger } = dependencies;
  const keyRing = createKeyRing(createSigningKeyStore(pool), config.KEY_ENCRYPTION_KEY, (kid) =>
    logger.warn({ kid }, "a signing key can't be opened: KEY_ENCRYPTION_KEY has changed"),
  );
  await keyRing.refresh();
  const passwords = createPasswordHasher(limitConcurrency(HASHING));
  const accounts = createAccountStore(pool, () => undefined);
  const written = await ensureAdmin(
    { accounts, passwords },
    { email: config.ADMIN_EMAIL, password: config.ADMIN_PASSWORD },
  );
  if (written) logger.info("the first admin's login was written");
  return { keyRing, passwords };
};
