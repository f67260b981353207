import type { Queryable } from "./queryable.ts";

type Call<T, R> = {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Makes a function of one item from a statement over many (which answers in their order): calls for the same transaction that are made
 * in one turn of the event loop leave as one statement. So several works can share a transaction (see `shareTransactions`)
 * without knowing of each other, and each statement is there once, whether for one item or for many. An error is all callers'.
 */
export const gathered = <T, R>(
  run: (database: Queryable, items: readonly T[]) => Promise<readonly R[]>,
): ((database: Queryable, item: T) => Promise<R>) => {
  const gathering = new WeakMap<Queryable, Call<T, R>[]>();
  return (database, item) =>
    new Promise((resolve, reject) => {
      const call = { item, resolve, reject };
      const others = gathering.get(database);
      if (others) {
        others.push(call);
        return;
      }
      const calls = [call];
      gathering.set(database, calls);
      afterThisTurn(() => {
        gathering.delete(database);
        void answer(() => run(database, itemsOf(calls)), calls);
      });
    });
};

/** After all that runs now or is about to because of a promise: works that go in step ask in step. */
const afterThisTurn = (next: () => void): void => queueMicrotask(() => process.nextTick(next));

const itemsOf = <T, R>(calls: readonly Call<T, R>[]): T[] => calls.map(({ item }) => item);

const answer = async <T, R>(
  run: () => Promise<readonly R[]>,
  calls: readonly Call<T, R>[],
): Promise<void> => {
  try {
    const results = await run();
    if (results.length !== calls.length) {
      throw new Error(`${calls.length} calls were answered by ${results.length} results`);
    }
    for (const [index, result] of results.entries()) calls[index]?.resolve(result);
  } catch (error) {
    for (const { reject } of calls) reject(error);
  }
};
