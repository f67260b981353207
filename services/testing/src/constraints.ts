import assert from "node:assert/strict";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

/** What a constraint lets stand, and what it refuses beside that. */
export type Violation = {
  /** The rule in words: the test's title. */
  readonly rule: string;
  readonly allowed?: readonly string[];
  readonly refused: string;
  /** SQLSTATE: 23505 unique_violation, 23514 check_violation. */
  readonly code: "23505" | "23514";
};

/** One test a rule, straight on the tables of `folder`'s migrations: what no code above may be needed for. */
export const refuseViolations = (folder: URL, violations: readonly Violation[]): void => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase({ folder });
  });
  after(() => database.drop());

  for (const { rule, allowed = [], refused, code } of violations) {
    it(rule, async () => {
      for (const statement of allowed) await database.pool.query(statement);
      await assert.rejects(database.pool.query(refused), { code });
    });
  }
};

/** The UUID with this number, as an SQL literal: rows of a constraint's test are told apart by it. */
export const numberedUuid = (n: number): string =>
  `'00000000-0000-4000-8000-${String(n).padStart(12, "0")}'`;

/** The table of idempotency keys is the same in every service that has one. */
export const oneAnswerAKey = (rule: string): Violation => ({
  rule,
  allowed: [idempotencyRow("a")],
  refused: idempotencyRow("b"),
  code: "23505",
});

const idempotencyRow = (fingerprint: string): string =>
  `INSERT INTO idempotency_keys (user_id, operation, origin, key, fingerprint, status, headers)
   VALUES ('user-1', 'operation', 'client', 'key-1', '${fingerprint}', 200, '{}')`;
