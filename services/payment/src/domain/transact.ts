import type { Queryable } from "@jatra/common/database/queryable.ts";

/** One READ COMMITTED transaction: commits what `work` wrote, or nothing. */
export type Transact = <T>(work: (tx: Queryable) => Promise<T>) => Promise<T>;
