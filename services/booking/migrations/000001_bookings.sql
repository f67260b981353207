-- One row a lock. ABANDONED is a tombstone: it holds the place of a booking that never came to be, so that one which
-- arrives late runs into the unique lock_id. It has no user, no price and no payment.
CREATE TABLE bookings (
  booking_id uuid PRIMARY KEY,
  lock_id uuid NOT NULL UNIQUE,
  status text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  user_id text,
  email text,
  journey_id text,
  trip jsonb,
  departs_at timestamptz,
  fare_version_id text,
  amount integer CHECK (amount > 0),
  currency text,
  payment_id uuid UNIQUE,
  payment_method text,
  payment_details jsonb,
  payment_status text NOT NULL DEFAULT 'PENDING'
    CHECK (payment_status IN ('PENDING', 'CAPTURED', 'FAILED', 'REFUNDED')),
  payment_attempts integer NOT NULL DEFAULT 0,
  payment_reason text,
  payment_deadline_at timestamptz,
  -- Set when every delivery of the payment failed: it is closed before its deadline.
  close_requested_at timestamptz,
  cancel_requested_at timestamptz,
  ticket_ids uuid[] NOT NULL DEFAULT '{}',
  request_id text,
  -- Milliseconds, as JavaScript has them: list cursors carry this value.
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  -- A sweeper that has taken the row moves this on, so that no other takes it meanwhile. The first look comes after 20 s:
  -- a payment that goes well has ended by then.
  sweep_after timestamptz NOT NULL DEFAULT now() + interval '20 seconds',
  redrive_count integer NOT NULL DEFAULT 0,
  CONSTRAINT bookings_complete CHECK (
    status = 'ABANDONED' OR num_nulls(
      user_id, email, journey_id, trip, departs_at, fare_version_id, amount, currency,
      payment_id, payment_method, payment_deadline_at, request_id
    ) = 0
  ),
  -- Nobody travels on, or is told of, money that didn't move.
  CONSTRAINT bookings_paid CHECK (
    (status <> 'CONFIRMED' OR payment_status = 'CAPTURED')
    AND (status <> 'REFUNDED' OR payment_status = 'REFUNDED')
  )
);
CREATE INDEX bookings_by_user ON bookings (user_id, created_at DESC, booking_id DESC);
-- Only live bookings are swept; the index stays as small as their number.
CREATE INDEX bookings_live ON bookings (sweep_after)
  WHERE status IN ('PAYMENT_PENDING', 'PAYMENT_PROCESSING');

CREATE TABLE passengers (
  booking_id uuid NOT NULL REFERENCES bookings,
  position integer NOT NULL CHECK (position >= 0),
  name text NOT NULL,
  seat_id text NOT NULL,
  coach text NOT NULL,
  class text NOT NULL,
  fare_amount integer NOT NULL CHECK (fare_amount >= 0),
  PRIMARY KEY (booking_id, position),
  UNIQUE (booking_id, seat_id)
);

CREATE TABLE booking_history (
  booking_id uuid NOT NULL REFERENCES bookings,
  version integer NOT NULL,
  status text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (booking_id, version)
);

-- One refund a booking and a payment, never more than was captured.
CREATE TABLE refunds (
  refund_id uuid PRIMARY KEY,
  booking_id uuid NOT NULL UNIQUE REFERENCES bookings,
  payment_id uuid NOT NULL UNIQUE,
  amount integer NOT NULL CHECK (amount > 0),
  captured_amount integer NOT NULL,
  currency text NOT NULL,
  status text NOT NULL DEFAULT 'REQUESTED'
    CHECK (status IN ('REQUESTED', 'SENT', 'DONE', 'FAILED')),
  reason text,
  requested_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  sweep_after timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT refunds_within_capture CHECK (amount <= captured_amount)
);
CREATE INDEX refunds_open ON refunds (sweep_after) WHERE status IN ('REQUESTED', 'SENT');
CREATE INDEX refunds_failed ON refunds (booking_id) WHERE status = 'FAILED';

-- The same table as src/domain/booking-states.ts; test/data holds the two equal. The database has the last word:
-- whatever code forgets its compare-and-set is refused here.
CREATE FUNCTION check_booking_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status NOT IN ('PAYMENT_PENDING', 'ABANDONED') OR NEW.version <> 1 THEN
      RAISE EXCEPTION 'a booking does not begin as % version %', NEW.status, NEW.version
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.status = OLD.status THEN
    IF NEW.version <> OLD.version THEN
      RAISE EXCEPTION 'the version grows with the status only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.version <> OLD.version + 1 OR (OLD.status, NEW.status) NOT IN (
    ('PAYMENT_PENDING', 'PAYMENT_PROCESSING'),
    ('PAYMENT_PENDING', 'CONFIRMED'),
    ('PAYMENT_PENDING', 'PAYMENT_FAILED'),
    ('PAYMENT_PENDING', 'CANCELLED'),
    ('PAYMENT_PROCESSING', 'CONFIRMED'),
    ('PAYMENT_PROCESSING', 'PAYMENT_FAILED'),
    ('PAYMENT_PROCESSING', 'CANCELLED'),
    ('CONFIRMED', 'CANCELLED'),
    ('CANCELLED', 'REFUNDED'),
    ('PAYMENT_FAILED', 'REFUNDED')
  ) THEN
    RAISE EXCEPTION 'a booking does not go from % version % to % version %',
      OLD.status, OLD.version, NEW.status, NEW.version USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER bookings_check BEFORE INSERT OR UPDATE OF status, version ON bookings
  FOR EACH ROW EXECUTE FUNCTION check_booking_change();

-- History by trigger: no change can forget it, and it costs no round trip.
CREATE FUNCTION record_booking_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO booking_history (booking_id, version, status)
  VALUES (NEW.booking_id, NEW.version, NEW.status);
  RETURN NULL;
END
$$;
CREATE TRIGGER bookings_begin AFTER INSERT ON bookings
  FOR EACH ROW EXECUTE FUNCTION record_booking_change();
CREATE TRIGGER bookings_change AFTER UPDATE OF status ON bookings
  FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION record_booking_change();

-- As in services/common. A row is written in the business transaction and
-- published afterwards by the relay of any pod.
CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  exchange text NOT NULL,
  routing_key text NOT NULL,
  content json NOT NULL,
  request_id text NOT NULL,
  aggregate_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Nobody may take the row before: the lease of the relay that is publishing it, or the pause after a failure.
  locked_until timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  published_at timestamptz
);
CREATE INDEX outbox_pending ON outbox (locked_until) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

-- As in services/common. A row says that this queue's handler has committed the
-- message's effect; it is written in the same transaction.
CREATE TABLE inbox (
  queue text NOT NULL,
  message_id text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (queue, message_id)
);
CREATE INDEX inbox_received ON inbox (received_at);

-- As in services/common. The truth: a row exists exactly when the
-- request's effect has committed, since both are written in one transaction.
CREATE TABLE idempotency_keys (
  user_id text NOT NULL,
  operation text NOT NULL,
  -- Whether the client chose the key or the service made it from the request.
  origin text NOT NULL CHECK (origin IN ('client', 'server')),
  key text NOT NULL,
  fingerprint text NOT NULL,
  status smallint NOT NULL,
  headers jsonb NOT NULL,
  -- The answer's JSON, byte for byte; NULL for an answer without a body.
  body bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, operation, origin, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
