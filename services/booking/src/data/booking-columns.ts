/**
 * A booking as `BookingRecord`, for `SELECT` and `RETURNING` over a table named `bookings`. The passengers come along in the same
 * round trip; there are at most a handful.
 */
export const bookingColumns = `
  bookings.booking_id AS "bookingId", bookings.lock_id AS "lockId", bookings.status,
  bookings.version, bookings.user_id AS "userId", bookings.email,
  bookings.journey_id AS "journeyId", bookings.trip, bookings.departs_at AS "departsAt",
  bookings.amount, bookings.currency, bookings.payment_id AS "paymentId",
  bookings.payment_method AS "paymentMethod", bookings.payment_details AS "paymentDetails",
  bookings.payment_status AS "paymentStatus", bookings.payment_attempts AS "paymentAttempts",
  bookings.payment_deadline_at AS "paymentDeadlineAt",
  bookings.cancel_requested_at AS "cancelRequestedAt",
  bookings.ticket_ids::text[] AS "ticketIds", bookings.request_id AS "requestId",
  bookings.created_at AS "createdAt",
  (SELECT json_agg(json_build_object('name', p.name, 'seatId', p.seat_id, 'coach', p.coach,
     'class', p.class, 'fareAmount', p.fare_amount) ORDER BY p.position)
   FROM passengers p WHERE p.booking_id = bookings.booking_id) AS passengers`;
