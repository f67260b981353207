CREATE TABLE profiles (
  user_id    text PRIMARY KEY,
  name       text NOT NULL,
  email      text NOT NULL,
  -- NULL: not known; a profile that was made from an identity has none until the registration's event arrives
  phone      text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- what the user has set, no late event may undo
  edited_at  timestamptz
);

CREATE TABLE saved_passengers (
  id            uuid PRIMARY KEY,
  user_id       text NOT NULL REFERENCES profiles (user_id) ON DELETE CASCADE,
  name          text NOT NULL,
  phone         text,
  date_of_birth date,
  created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX saved_passengers_by_user ON saved_passengers (user_id, created_at, id);

-- A row says that this queue's handler has committed the message's effect; it is written in the same transaction.
CREATE TABLE inbox (
  queue text NOT NULL,
  message_id text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (queue, message_id)
);
CREATE INDEX inbox_received ON inbox (received_at);
