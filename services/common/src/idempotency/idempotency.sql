-- Copied into the first migration of every service with idempotent operations. The truth: a row exists exactly when the
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
