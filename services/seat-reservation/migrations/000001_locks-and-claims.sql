-- Locks (one request for seats) and claims (one row a journey, seat and leg). A leg is the stretch between two consecutive
-- stops, so an overlap of stretches is an equal key and one unique index can refuse it.

CREATE TABLE locks (
  lock_id uuid PRIMARY KEY,
  journey_id text NOT NULL,
  -- NULL: a guest's lock, opened by its token only.
  user_id text,
  -- SHA-256 of the lock token; the token itself is known to the client alone.
  token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
  -- In the order in which the client listed them: passengers are matched to it.
  seat_ids text[] NOT NULL CHECK (cardinality(seat_ids) BETWEEN 1 AND 64),
  from_seq smallint NOT NULL CHECK (from_seq >= 0),
  to_seq smallint NOT NULL CHECK (to_seq > from_seq),
  from_code text NOT NULL,
  to_code text NOT NULL,
  state text NOT NULL CHECK (state IN ('HELD', 'PAYING', 'SOLD', 'RELEASED', 'EXPIRED')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  booking_id uuid,
  booking_version integer NOT NULL DEFAULT 0,
  -- When to ask booking-service about a lock in PAYING.
  resolve_at timestamptz,
  CHECK ((state IN ('PAYING', 'SOLD')) <= (booking_id IS NOT NULL)),
  CHECK ((state = 'PAYING') <= (resolve_at IS NOT NULL))
);
-- What the sweepers look for.
CREATE INDEX locks_held_until ON locks (expires_at) WHERE state = 'HELD';
CREATE INDEX locks_to_resolve ON locks (resolve_at) WHERE state = 'PAYING';
CREATE INDEX locks_ended ON locks (expires_at) WHERE state IN ('RELEASED', 'EXPIRED');

-- Claims of live locks only; those of a lock that ends are deleted. No foreign key to locks and no primary key: a lock and its
-- claims are written by one statement, claims are found by (journey, seat, leg), and each further index would cost an
-- entry a leg of every hold.
CREATE TABLE claims (
  journey_id text NOT NULL,
  seat_id text NOT NULL,
  leg smallint NOT NULL CHECK (leg >= 0),
  lock_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('HELD', 'PAYING', 'SOLD'))
);
-- The last word on who has a seat (I1). Redis turns most people away before they get here; only this index decides.
CREATE UNIQUE INDEX claims_one_owner ON claims (journey_id, seat_id, leg)
  WHERE state IN ('HELD', 'PAYING', 'SOLD');

-- Only legal steps, whatever code runs: an ended lock never comes back, and nothing goes back from PAYING to HELD.
CREATE FUNCTION refuse_illegal_lock_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) IN (
    ('HELD', 'PAYING'), ('HELD', 'RELEASED'), ('HELD', 'EXPIRED'),
    ('PAYING', 'SOLD'), ('PAYING', 'RELEASED'), ('SOLD', 'RELEASED')
  ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'lock % may not go from % to %', OLD.lock_id, OLD.state, NEW.state
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER locks_legal_steps BEFORE UPDATE OF state ON locks
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION refuse_illegal_lock_step();

-- Journeys whose claims changed, written beside the change. A row a change instead of a counter a journey: a counter
-- would make all buyers of a journey wait for each other's commit.
CREATE TABLE seat_changes (
  change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  journey_id text NOT NULL
);
CREATE TABLE journey_revisions (
  journey_id text PRIMARY KEY,
  revision bigint NOT NULL CHECK (revision > 0)
);

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

-- Answers under idempotency keys, as every service with idempotent operations has them. The truth: a row exists exactly when the
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
