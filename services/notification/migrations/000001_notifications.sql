-- Who may be told something, as auth-service announced them; e-mail of a booking comes with its event.
CREATE TABLE contacts (
  user_id     text PRIMARY KEY,
  name        text NOT NULL,
  email       text NOT NULL,
  phone       text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE notifications (
  id              uuid PRIMARY KEY,
  user_id         text NOT NULL,
  kind            text NOT NULL,
  -- what it is about: a booking's id, or the user's own for the welcome
  subject_id      text NOT NULL,
  booking_id      uuid,
  -- 0 where there are no versions
  subject_version integer NOT NULL,
  title           text NOT NULL,
  body            text NOT NULL,
  email           text NOT NULL,
  occurred_at     timestamptz NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  -- however often an event is delivered, its kind is told once
  UNIQUE (subject_id, kind)
);
CREATE INDEX notifications_of_user ON notifications (user_id, occurred_at DESC, id DESC);
CREATE INDEX notifications_created ON notifications (created_at);

CREATE TABLE deliveries (
  notification_id uuid NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
  channel         text NOT NULL CHECK (channel IN ('in_app', 'email', 'sms')),
  status          text NOT NULL CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED')),
  attempts        integer NOT NULL DEFAULT 0,
  -- nobody may take it before: the lease of the pod that is sending it, or the pause after a failure
  locked_until    timestamptz NOT NULL DEFAULT now(),
  delivered_at    timestamptz,
  last_error      text,
  PRIMARY KEY (notification_id, channel),
  CHECK ((delivered_at IS NULL) = (status <> 'DELIVERED'))
);
CREATE INDEX deliveries_pending ON deliveries (locked_until) WHERE status = 'PENDING';

CREATE TABLE inbox (
  queue       text NOT NULL,
  message_id  text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (queue, message_id)
);
CREATE INDEX inbox_received ON inbox (received_at);
