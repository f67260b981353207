import type { LockRecord } from "./lock-record.ts";

export type Payer = {
  readonly bookingId: string;
  readonly userId: string;
  readonly tokenHash: Buffer | undefined;
};

/** What the domain needs of seat_db about one lock. Each change is conditional; `undefined`: it didn't apply. */
export type LockStore = {
  readonly find: (lockId: string) => Promise<LockRecord | undefined>;
  /** Ends `ttlSeconds` from now, never earlier than before, never past `maxHoldSeconds` after the first second. */
  readonly extend: (
    lockId: string,
    ttlSeconds: number,
    maxHoldSeconds: number,
  ) => Promise<LockRecord | undefined>;
  /** HELD → RELEASED. */
  readonly release: (lockId: string) => Promise<LockRecord | undefined>;
  /** HELD → PAYING, if the payer owns the lock and it hasn't expired. */
  readonly pay: (lockId: string, payer: Payer) => Promise<LockRecord | undefined>;
};
