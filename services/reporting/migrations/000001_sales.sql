-- One row a booking whose payment was decided, as its newest event tells it.
CREATE TABLE sales (
  booking_id      uuid PRIMARY KEY,
  booking_version integer NOT NULL,
  status          text NOT NULL
                  CHECK (status IN ('CONFIRMED', 'PAYMENT_FAILED', 'CANCELLED', 'REFUNDED')),
  journey_id      text NOT NULL,
  train_number    text NOT NULL,
  train_name      text NOT NULL,
  from_code       text NOT NULL,
  from_name       text NOT NULL,
  to_code         text NOT NULL,
  to_name         text NOT NULL,
  amount          integer NOT NULL CHECK (amount >= 0),
  refunded_amount integer NOT NULL CHECK (refunded_amount BETWEEN 0 AND amount),
  currency        text NOT NULL,
  -- the earliest event's time: that of the payment's end, in whatever order the events come
  decided_at      timestamptz NOT NULL,
  -- whether it was confirmed at any time: a cancelled booking may have been paid or not
  was_confirmed   boolean NOT NULL,
  paid            boolean GENERATED ALWAYS AS (was_confirmed OR refunded_amount > 0) STORED
);
CREATE INDEX sales_decided ON sales (decided_at);

CREATE TABLE sold_seats (
  booking_id  uuid NOT NULL REFERENCES sales (booking_id) ON DELETE CASCADE,
  seat_id     text NOT NULL,
  class       text NOT NULL,
  fare_amount integer NOT NULL CHECK (fare_amount >= 0),
  PRIMARY KEY (booking_id, seat_id)
);
