-- Copied into the first migration of every service that consumes. A row says that this queue's handler has committed the
-- message's effect; it is written in the same transaction.
CREATE TABLE inbox (
  queue text NOT NULL,
  message_id text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (queue, message_id)
);
CREATE INDEX inbox_received ON inbox (received_at);
