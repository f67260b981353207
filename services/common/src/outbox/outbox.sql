-- Copied into the first migration of every service that publishes. A row is written in the business transaction and
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
