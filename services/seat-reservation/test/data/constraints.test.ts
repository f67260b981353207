import { oneAnswerAKey, refuseViolations } from "@jatra/testing/constraints.ts";

const lock = (n: number, state: string): string =>
  `INSERT INTO locks (lock_id, journey_id, token_hash, seat_ids, from_seq, to_seq, from_code, to_code, state, expires_at)
   VALUES ('00000000-0000-4000-8000-00000000000${n}', 'journey-1', decode(repeat('00', 32), 'hex'), '{KA-1}', 0, 1,
     'DHK', 'CTG', '${state}', now())`;

describe("the constraints of seat_db", () => {
  refuseViolations(new URL("../../migrations", import.meta.url), [
    {
      rule: "an ended lock stays ended",
      allowed: [lock(1, "RELEASED")],
      refused: "UPDATE locks SET state = 'HELD' WHERE state = 'RELEASED'",
      code: "23514",
    },
    {
      rule: "a lock in payment names its booking",
      refused: lock(2, "PAYING"),
      code: "23514",
    },
    oneAnswerAKey("one answer a key of a user and an operation"),
  ]);
});
