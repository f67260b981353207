-- What became of a booking, as far as tickets go. A row is written by whichever event comes first; `void` is final, so a
-- confirmation that arrives after the refund issues nothing.
CREATE TABLE ticket_bookings (
  booking_id uuid PRIMARY KEY,
  booking_version integer NOT NULL CHECK (booking_version > 0),
  void boolean NOT NULL
);

CREATE TABLE tickets (
  ticket_id uuid PRIMARY KEY,
  -- The ticket's number for people is made of it: unique by itself, whatever the day.
  serial bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  booking_id uuid NOT NULL REFERENCES ticket_bookings,
  passenger_index smallint NOT NULL CHECK (passenger_index >= 0),
  user_id text NOT NULL,
  passenger text NOT NULL,
  journey_id text NOT NULL,
  train jsonb NOT NULL,
  from_stop jsonb NOT NULL,
  to_stop jsonb NOT NULL,
  coach text NOT NULL,
  seat_id text NOT NULL,
  class text NOT NULL,
  fare_amount bigint NOT NULL CHECK (fare_amount >= 0),
  currency text NOT NULL,
  state text NOT NULL DEFAULT 'VALID' CHECK (state IN ('VALID', 'USED', 'VOID')),
  issued_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz,
  used_by text,
  CHECK ((state = 'USED') <= (used_at IS NOT NULL)),
  -- One ticket a passenger, however often the event comes.
  CONSTRAINT tickets_one_a_passenger UNIQUE (booking_id, passenger_index)
);
CREATE INDEX tickets_of_user ON tickets (user_id, ticket_id DESC);

-- Only legal steps, whatever code runs: a used ticket doesn't become valid again, a void one stays void.
CREATE FUNCTION refuse_illegal_ticket_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) IN (('VALID', 'USED'), ('VALID', 'VOID'), ('USED', 'VOID')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'ticket % may not go from % to %', OLD.ticket_id, OLD.state, NEW.state
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER tickets_legal_steps BEFORE UPDATE OF state ON tickets
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION refuse_illegal_ticket_step();

-- Messages, as every service that publishes has them: a row is written in the business transaction and
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
