import type { QueryResult, QueryResultRow } from "pg";

/** What stores need of a pool or of a client within a transaction. */
export type Queryable = {
  query<R extends QueryResultRow>(
    statement: string | { name?: string; text: string; values?: unknown[] },
    values?: unknown[],
  ): Promise<QueryResult<R>>;
};
