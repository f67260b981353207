import type pg from "pg";
import { createBatches, type BatchLimits } from "../service/create-batches.ts";
import { inTransaction } from "./in-transaction.ts";
import type { Queryable } from "./queryable.ts";

type Work = (transaction: Queryable) => Promise<void>;

/**
 * `inTransaction` for works that come at the same time: they run side by side in one transaction, and their `gathered` statements leave
 * as one. All commit or none does: if one fails, each is run again in a transaction of its own. So a work must be one
 * that can be run twice, and that doesn't mind what the others of its kind do; what is touched twice has to end in an error.
 */
export const shareTransactions = (
  pool: pg.Pool,
  limits: BatchLimits,
): (<T>(work: (transaction: Queryable) => Promise<T>) => Promise<T>) => {
  const share = createBatches<Work, undefined>(
    (works) => inTransaction(pool, (transaction) => runAll(works, transaction)),
    limits,
  );
  return async <T>(work: (transaction: Queryable) => Promise<T>): Promise<T> => {
    // What a run answers that was taken back is written over by the next.
    const ends: { readonly value: T }[] = [];
    await share(async (transaction) => {
      const value = await work(transaction);
      ends.splice(0, ends.length, { value });
    });
    const [end] = ends;
    if (!end) throw new Error("a shared transaction ended without its work");
    return end.value;
  };
};

/** Waits for all, also after an error: nobody may use the connection once the transaction has ended. */
const runAll = async (works: readonly Work[], transaction: Queryable): Promise<undefined[]> => {
  const ends = await Promise.allSettled(works.map((work) => work(transaction)));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
  return ends.map(() => undefined);
};
