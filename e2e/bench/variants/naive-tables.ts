/** The naive variant's one database. */
export const naiveTables = `
  CREATE TABLE IF NOT EXISTS seats (
    journey_id text NOT NULL,
    seat_id text NOT NULL,
    leg integer NOT NULL,
    status text NOT NULL DEFAULT 'AVAILABLE',
    price integer NOT NULL,
    booking_id integer,
    PRIMARY KEY (journey_id, seat_id, leg)
  );
  CREATE TABLE IF NOT EXISTS bookings (
    id serial PRIMARY KEY,
    user_id text NOT NULL,
    journey_id text NOT NULL,
    seat_ids text[] NOT NULL,
    amount integer NOT NULL,
    status text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE IF NOT EXISTS tickets (
    id serial PRIMARY KEY,
    booking_id integer NOT NULL REFERENCES bookings,
    user_id text NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE IF NOT EXISTS notifications (
    id serial PRIMARY KEY,
    user_id text NOT NULL,
    text text NOT NULL
  )`;
