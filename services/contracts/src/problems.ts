/**
 * The catalogue of error codes (RFC 9457): the code is stable, clients may branch on it. `docs/errors.md` is held
 * equal to this table by a test.
 */
export const problems = {
  // every operation
  validation_failed: { status: 400, title: "The request is not of the documented form" },
  malformed_json: { status: 400, title: "The body is not valid JSON" },
  unauthorized: { status: 401, title: "A valid bearer token is needed" },
  forbidden: { status: 403, title: "This role may not do that" },
  not_found: { status: 404, title: "There is no such thing, or it is not yours" },
  method_not_allowed: { status: 405, title: "This path does not know the method" },
  request_timeout: { status: 408, title: "The request did not arrive in time" },
  body_too_large: { status: 413, title: "The body is larger than allowed" },
  unsupported_media_type: { status: 415, title: "The body has the wrong content type" },
  headers_too_large: { status: 431, title: "The request's headers are larger than allowed" },
  rate_limited: { status: 429, title: "Too many requests" },
  internal_error: { status: 500, title: "Something went wrong on our side" },
  dependency_unavailable: { status: 503, title: "A part of the platform does not answer just now" },
  // gateway
  upstream_unreachable: { status: 502, title: "The service could not be reached" },
  circuit_open: { status: 503, title: "The service is failing and gets a pause" },
  upstream_timeout: { status: 504, title: "The service did not answer in time" },
  // auth
  email_taken: { status: 409, title: "There is an account with this email address" },
  invalid_credentials: { status: 401, title: "Email address or password is wrong" },
  account_locked: { status: 423, title: "Too many failed logins; try again later" },
  invalid_refresh_token: {
    status: 401,
    title: "The refresh token is unknown, expired or was used before",
  },
  // idempotency (IETF Idempotency-Key draft)
  idempotency_key_missing: { status: 400, title: "This operation needs an Idempotency-Key" },
  idempotency_key_invalid: { status: 400, title: "The Idempotency-Key is empty or too long" },
  idempotency_key_reused: {
    status: 422,
    title: "This Idempotency-Key came with another request before",
  },
  idempotency_in_flight: {
    status: 409,
    title: "The first request with this Idempotency-Key is still running",
  },
  // schedule, search
  station_not_found: { status: 404, title: "There is no such station" },
  route_invalid: { status: 422, title: "The stations are not on the route in this order" },
  conflict: { status: 409, title: "That exists already, or is in use" },
  // seats
  seat_unavailable: { status: 409, title: "At least one of the seats is not free" },
  seat_unknown: { status: 422, title: "The journey has no such seat" },
  journey_departed: { status: 422, title: "The journey has departed" },
  too_many_seats: { status: 422, title: "More seats than one lock may hold" },
  lock_expired: { status: 409, title: "The lock has expired" },
  hold_limit_reached: { status: 409, title: "The seats can't be held any longer" },
  lock_in_payment: { status: 409, title: "The seats of this lock are being paid or are sold" },
  // booking, payment
  price_changed: { status: 409, title: "The price is not the expected one" },
  passengers_mismatch: { status: 422, title: "There must be one passenger for each seat" },
  booking_abandoned: { status: 409, title: "The booking was given up before it was complete" },
  booking_not_cancellable: { status: 409, title: "The booking can't be cancelled in its state" },
  payment_not_open: { status: 409, title: "The payment is no longer open" },
  refund_not_possible: { status: 409, title: "This payment can't be refunded" },
  signature_invalid: { status: 401, title: "The signature does not match" },
  // tickets
  ticket_invalid: { status: 422, title: "This is not a valid ticket" },
  ticket_used: { status: 409, title: "The ticket was used before" },
  ticket_void: { status: 409, title: "The ticket was refunded or cancelled" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;
