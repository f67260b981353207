import type pg from "pg";
import type { BookingRecord, RefundRecord } from "../domain/booking-record.ts";
import type { Sweeps, UntoldEnd } from "../domain/sweeps.ts";
import { bookingColumns } from "./booking-columns.ts";
import { refundColumns } from "./refund-store.ts";

/** Above the 5 s that a call may take: nobody else takes the row while we ask. */
const CLOSE_AGAIN_SECONDS = 10;
/**
 * Pause after the n-th look at a payment under way: 10, 20, then 30 s. The cap keeps the minute in which a capture must have its
 * effect even when its event was lost; the growth spares payment-service during an outage.
 */
const ASK_STEP_SECONDS = 10;
const ASK_MAX_SECONDS = 30;
/** Pause after the n-th message for a booking that nobody has taken up: doubling, so that a long queue isn't made longer. */
const PUBLISH_FIRST_SECONDS = 20;
const PUBLISH_DOUBLINGS_MAX = 6;
const REFUND_AGAIN_SECONDS = 20;
/**
 * Pause after the n-th time that an end was told again: 5, 50, then 60 minutes. Confirmations that only wait for a ticket-service that
 * is away must not fill its queue many times over.
 */
const TELL_AGAIN_SECONDS = 300;
const TELL_AGAIN_MAX_SECONDS = 3_600;
/**
 * Nobody answers an end that frees seats, so it is told three times more and then believed to have arrived. A confirmation is
 * answered by its tickets, so it is told until they are there.
 */
const TELL_AGAIN_TIMES = 3;

const LIVE = "status IN ('PAYMENT_PENDING', 'PAYMENT_PROCESSING')";
const DUE =
  "(payment_deadline_at <= now() OR cancel_requested_at IS NOT NULL OR close_requested_at IS NOT NULL)";

/** Word for word the index of migration 000002, or the planner reads the table. */
export const UNTOLD = `((status = 'CONFIRMED' AND ticket_ids = '{}')
  OR (status IN ('CANCELLED', 'REFUNDED') AND sweep_after < 'infinity'))`;

export const createSweeps = (pool: pg.Pool): Sweeps => ({
  takeOverdue: async (limit) => {
    const { rows } = await pool.query<BookingRecord>(
      `UPDATE bookings SET sweep_after = now() + make_interval(secs => $2)
       WHERE booking_id IN (
         SELECT booking_id FROM bookings WHERE ${LIVE} AND sweep_after <= now() AND ${DUE}
         ORDER BY sweep_after LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING ${bookingColumns}`,
      [limit, CLOSE_AGAIN_SECONDS],
    );
    return rows;
  },
  // Never put off beyond the deadline, which is the other sweeper's.
  takeStuck: async (limit) => {
    const { rows } = await pool.query<BookingRecord>(
      `UPDATE bookings SET redrive_count = redrive_count + 1,
         sweep_after = least(payment_deadline_at, now() + make_interval(secs =>
           CASE status WHEN 'PAYMENT_PENDING' THEN $2 * 2 ^ least(redrive_count, $3)
           ELSE least($4 * (redrive_count + 1), $5) END))
       WHERE booking_id IN (
         SELECT booking_id FROM bookings WHERE ${LIVE} AND sweep_after <= now() AND NOT ${DUE}
         ORDER BY sweep_after LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING ${bookingColumns}`,
      [limit, PUBLISH_FIRST_SECONDS, PUBLISH_DOUBLINGS_MAX, ASK_STEP_SECONDS, ASK_MAX_SECONDS],
    );
    return rows;
  },
  takeUntold: async (limit) => {
    const { rows } = await pool.query<UntoldEnd>(
      `UPDATE bookings SET redrive_count = redrive_count + 1,
         sweep_after = CASE WHEN status <> 'CONFIRMED' AND redrive_count + 1 >= $4 THEN 'infinity'
           ELSE now() + make_interval(secs => least($2 * 10 ^ least(redrive_count, 5), $3)) END
       WHERE booking_id IN (
         SELECT booking_id FROM bookings WHERE ${UNTOLD} AND sweep_after <= now()
         ORDER BY sweep_after LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING ${bookingColumns},
         (SELECT at FROM booking_history h
          WHERE h.booking_id = bookings.booking_id AND h.version = bookings.version) AS "endedAt",
         CASE status WHEN 'REFUNDED' THEN (SELECT amount FROM refunds r
          WHERE r.booking_id = bookings.booking_id) ELSE 0 END AS "refundedAmount"`,
      [limit, TELL_AGAIN_SECONDS, TELL_AGAIN_MAX_SECONDS, TELL_AGAIN_TIMES],
    );
    return rows;
  },
  takeOpenRefunds: async (limit) => {
    const { rows } = await pool.query<RefundRecord>(
      `UPDATE refunds SET sweep_after = now() + make_interval(secs => $2)
       WHERE refund_id IN (
         SELECT refund_id FROM refunds
         WHERE status IN ('REQUESTED', 'SENT') AND sweep_after <= now()
         ORDER BY sweep_after LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING ${refundColumns}`,
      [limit, REFUND_AGAIN_SECONDS],
    );
    return rows;
  },
});
