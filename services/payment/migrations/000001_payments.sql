-- Payments: what a booking owes, what was tried, what came back, what was given back.

CREATE TABLE payments (
  payment_id uuid PRIMARY KEY,
  -- One payment a booking. NULL only in a tombstone: closed before its intent ever came.
  booking_id uuid UNIQUE,
  user_id text,
  amount integer CHECK (amount > 0),
  currency text,
  method text,
  details jsonb,
  state text NOT NULL CHECK (state IN ('NEW', 'SENT', 'UNKNOWN', 'CAPTURED', 'FAILED', 'CLOSED')),
  close_requested boolean NOT NULL DEFAULT false,
  -- Tries at the provider; also the fencing token of the try that runs.
  attempts integer NOT NULL DEFAULT 0,
  sent_at timestamptz,
  -- When somebody should act on it next: a try's lease runs out, or a question to the provider is due.
  due_at timestamptz NOT NULL DEFAULT now(),
  deadline_at timestamptz,
  redirect_url text,
  -- The provider's name of the charge.
  provider_reference text,
  reason text,
  request_id text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT only_tombstones_lack_an_intent CHECK (
    state = 'CLOSED'
    OR (booking_id IS NOT NULL AND user_id IS NOT NULL AND amount IS NOT NULL AND currency IS NOT NULL
        AND method IS NOT NULL)
  ),
  CONSTRAINT captured_names_its_charge CHECK (state <> 'CAPTURED' OR provider_reference IS NOT NULL)
);

-- The work list: a settled payment leaves it, so it stays as small as what is in flight.
CREATE INDEX payments_due ON payments (due_at) WHERE state IN ('NEW', 'SENT', 'UNKNOWN');

CREATE TABLE attempts (
  payment_id uuid NOT NULL REFERENCES payments,
  number integer NOT NULL,
  sent_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  outcome text,
  PRIMARY KEY (payment_id, number)
);

CREATE TABLE refunds (
  refund_id uuid PRIMARY KEY,
  payment_id uuid NOT NULL REFERENCES payments,
  -- One refund a booking: with amount <= captured, the sum never exceeds what was captured.
  booking_id uuid NOT NULL UNIQUE,
  amount integer NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  state text NOT NULL DEFAULT 'REQUESTED' CHECK (state IN ('REQUESTED', 'SENT', 'DONE', 'FAILED')),
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now(),
  provider_reference text,
  reason text,
  request_id text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX refunds_due ON refunds (due_at) WHERE state IN ('REQUESTED', 'SENT');

-- How far the provider's ledger has been compared with ours.
CREATE TABLE reconciliations (
  provider text PRIMARY KEY,
  ledger_position bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- What the two ledgers disagree about and no sweeper may decide alone; the metric alerts while a row is open.
CREATE TABLE ledger_findings (
  provider text NOT NULL,
  entry_id text NOT NULL,
  reference text NOT NULL,
  kind text NOT NULL,
  found_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz,
  PRIMARY KEY (provider, entry_id)
);

-- The legal transitions, a second time, so that no code can leave them: domain/payment.ts has the same table.
CREATE FUNCTION check_payment_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (
    ('NEW', 'SENT'), ('NEW', 'CLOSED'),
    ('SENT', 'UNKNOWN'), ('SENT', 'CAPTURED'), ('SENT', 'FAILED'),
    ('UNKNOWN', 'SENT'), ('UNKNOWN', 'CAPTURED'), ('UNKNOWN', 'FAILED'),
    ('FAILED', 'CAPTURED')
  ) THEN
    RAISE EXCEPTION 'payment % may not go from % to %', OLD.payment_id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER payment_transitions BEFORE UPDATE OF state ON payments
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION check_payment_transition();

CREATE FUNCTION check_refund_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (
    ('REQUESTED', 'SENT'), ('SENT', 'DONE'), ('SENT', 'FAILED')
  ) THEN
    RAISE EXCEPTION 'refund % may not go from % to %', OLD.refund_id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER refund_transitions BEFORE UPDATE OF state ON refunds
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION check_refund_transition();

-- As services/common/src/outbox/outbox.sql has it. A row is written in the business transaction and
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

-- As services/common/src/idempotency/idempotency.sql has it. The truth: a row exists exactly when the
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
