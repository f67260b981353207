import type { LockStatus } from "@jatra/contracts/http/seat-reservation.ts";
import type { LockRecord } from "../domain/lock-record.ts";

/** Columns of a LockRecord, of the relation called `of`. */
export const lockColumns = (of: string): string => `
  ${of}.lock_id AS "lockId", ${of}.journey_id AS "journeyId", ${of}.user_id AS "userId",
  ${of}.token_hash AS "tokenHash", ${of}.seat_ids AS "seatIds", ${of}.from_seq AS "fromSeq",
  ${of}.to_seq AS "toSeq", ${of}.from_code AS "from", ${of}.to_code AS "to",
  CASE WHEN ${of}.state = 'HELD' AND ${of}.expires_at <= now() THEN 'EXPIRED' ELSE ${of}.state END
    AS "status",
  ${of}.expires_at AS "expiresAt", ${of}.booking_id AS "bookingId",
  greatest(0, ceil(extract(epoch FROM ${of}.expires_at - now()) * 1000))::int AS "remainingMs"`;

/** What `lockColumns` selects, as the driver hands it over. */
export type LockRow = LockRecord & { status: LockStatus };
