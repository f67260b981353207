import { join } from "node:path";
import { readClaims } from "@jatra/seat-reservation/data/claim-store.ts";
import { createTestDatabase } from "@jatra/testing/test-database.ts";
import { repository } from "../../cluster/folders.ts";
import type { Part } from "./part.ts";

const JOURNEYS = 100;
const SEATS = 60;
const LEGS = 10;

const fill = `
  INSERT INTO locks (lock_id, journey_id, user_id, token_hash, seat_ids, from_seq, to_seq, from_code, to_code,
    state, expires_at)
  SELECT gen_random_uuid(), 'journey-' || j, 'buyer', decode(repeat('00', 32), 'hex'), ARRAY['seat-' || s],
    l, l + 1, 'DHK', 'CTG', 'HELD', now() + interval '1 hour'
  FROM generate_series(1, ${JOURNEYS}) j, generate_series(1, ${SEATS}) s, generate_series(0, ${LEGS - 1}) l;
  INSERT INTO claims SELECT journey_id, seat_ids[1], from_seq, lock_id, 'HELD' FROM locks;
  ANALYZE`;

/** As it was: every claim's lock is looked up, for the few whose time is over. */
const joined = `
  SELECT journey_id, coalesce((SELECT json_agg(seats) FROM (
    SELECT claims.seat_id AS "seatId", json_agg(claims.leg ORDER BY claims.leg) AS "legs"
    FROM claims JOIN locks USING (lock_id)
    WHERE claims.journey_id = asked.journey_id AND claims.state IN ('HELD', 'PAYING', 'SOLD')
      AND NOT (claims.state = 'HELD' AND locks.expires_at <= now())
    GROUP BY claims.seat_id ORDER BY claims.seat_id) AS seats), '[]') AS "claims"
  FROM unnest($1::text[]) AS asked (journey_id)`;

/** All live claims of a hundred journeys, as they are told to search during a rush. */
export const snapshotPart = async (): Promise<Part> => {
  const folder = join(repository, "services/seat-reservation/migrations");
  const database = await createTestDatabase({ folder, sql: fill, poolSize: 1 });
  const journeyIds = Array.from({ length: JOURNEYS }, (_, index) => `journey-${index + 1}`);
  return {
    name: `${JOURNEYS * SEATS * LEGS} claims of ${JOURNEYS} journeys: joined with their locks, overdue ones left out by name`,
    count: 3,
    inFlight: 1,
    ways: {
      before: () => database.pool.query({ name: "joined", text: joined, values: [journeyIds] }),
      after: () => readClaims(database.pool, journeyIds),
    },
    stop: database.drop,
  };
};
