-- The provider's own books. Nothing is ever changed or deleted in `entries`: what happened to a payer's money stays visible.

CREATE TABLE entries (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('charge', 'refund')),
  id text NOT NULL UNIQUE,
  -- NULL where the merchant sent none: then nothing stops a second charge.
  idempotency_key text,
  fingerprint text NOT NULL,
  reference text NOT NULL,
  charge_reference text NOT NULL,
  status text NOT NULL CHECK (status IN ('captured', 'declined', 'done', 'refused')),
  amount integer NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  reason text,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX entries_once_a_key ON entries (kind, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX entries_by_reference ON entries (reference);
CREATE INDEX entries_by_charge ON entries (charge_reference) WHERE kind = 'refund';

-- Webhooks that are still to be taken; one row a delivery.
CREATE TABLE deliveries (
  delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sequence bigint NOT NULL REFERENCES entries,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX deliveries_due ON deliveries (due_at);

-- How often `error_then_approve` has failed for a reference.
CREATE TABLE failed_tries (
  reference text PRIMARY KEY,
  tries integer NOT NULL
);

-- SSLCommerz: what a merchant opened and what its payer did on the page.
CREATE TABLE sessions (
  session_key text PRIMARY KEY,
  tran_id text NOT NULL,
  total_amount integer NOT NULL CHECK (total_amount > 0),
  currency text NOT NULL,
  success_url text NOT NULL,
  fail_url text NOT NULL,
  cancel_url text NOT NULL,
  ipn_url text NOT NULL,
  value_a text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'PENDING'
    CHECK (status IN ('PENDING', 'VALID', 'FAILED', 'CANCELLED')),
  val_id text UNIQUE,
  bank_tran_id text UNIQUE,
  tran_date timestamptz,
  validated_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_by_tran_id ON sessions (tran_id);

CREATE TABLE notifications (
  notification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  url text NOT NULL,
  form jsonb NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX notifications_due ON notifications (due_at);
