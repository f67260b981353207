/** The columns that the checkers read, under the names of `snapshot.ts`. */
export const seatQueries = {
  locks: `SELECT lock_id AS "lockId", journey_id AS "journeyId", user_id AS "userId",
      seat_ids AS "seatIds", from_seq AS "fromSeq", to_seq AS "toSeq", state,
      expires_at AS "expiresAt", booking_id AS "bookingId" FROM locks`,
  claims: `SELECT journey_id AS "journeyId", seat_id AS "seatId", leg, lock_id AS "lockId", state
    FROM claims`,
} as const;

export const bookingQueries = {
  bookings: `SELECT booking_id AS "bookingId", lock_id AS "lockId", status, user_id AS "userId",
      journey_id AS "journeyId", amount, payment_id AS "paymentId",
      payment_status AS "paymentStatus",
      (SELECT coalesce(array_agg(seat_id ORDER BY position), '{}') FROM passengers p
         WHERE p.booking_id = b.booking_id) AS "seatIds",
      (SELECT min(at) FROM booking_history h
         WHERE h.booking_id = b.booking_id AND h.status = 'CONFIRMED') AS "confirmedAt"
    FROM bookings b`,
  refunds: `SELECT refund_id AS "refundId", booking_id AS "bookingId", payment_id AS "paymentId",
      amount, status, requested_at AS "requestedAt" FROM refunds`,
} as const;

export const paymentQueries = {
  payments: `SELECT payment_id AS "paymentId", booking_id AS "bookingId", user_id AS "userId",
      amount, state FROM payments`,
  refunds: `SELECT refund_id AS "refundId", payment_id AS "paymentId", booking_id AS "bookingId",
      amount, state FROM refunds`,
} as const;

export const ticketQueries = {
  tickets: `SELECT ticket_id AS "ticketId", booking_id AS "bookingId",
      passenger_index AS "passengerIndex", user_id AS "userId", journey_id AS "journeyId",
      seat_id AS "seatId", state FROM tickets`,
} as const;
