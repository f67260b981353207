/** After so many failures in a row within the window, account and address are refused together. */
export const FAILURES_MAX = 5;
/** A forgotten password takes a few tries in a few minutes; failures of yesterday say nothing. */
export const FAILURE_WINDOW_SECONDS = 15 * 60;
/** Makes guessing hopeless (480 tries a day) while the owner, who may also come from another address, only waits. */
export const LOCK_SECONDS = 15 * 60;

/** Failed logins of one account from one address. Times are the database's. */
export type LoginFailures = {
  /** Seconds until the lock ends; 0 when there is none. */
  readonly lockedForSeconds: (email: string, address: string) => Promise<number>;
  /** Counts one more and answers the seconds for which the pair is locked since an earlier or this failure, with which. */
  readonly record: (email: string, address: string) => Promise<RecordedFailure>;
  readonly forget: (email: string, address: string) => Promise<void>;
};

export type RecordedFailure = { readonly failures: number; readonly lockedForSeconds: number };

/** The failure that reaches the limit is still told as such; the ones after it (tries in parallel) are refused. */
export const isRefused = (recorded: RecordedFailure): boolean =>
  recorded.lockedForSeconds > 0 && recorded.failures > FAILURES_MAX;
