-- Up Migration

CREATE TABLE stations (
  code text PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE routes (
  route_id text PRIMARY KEY,
  name text NOT NULL
);

-- Minutes count from the departure at the first stop: it has no arrival, the last stop no departure.
CREATE TABLE route_stops (
  route_id text NOT NULL REFERENCES routes ON DELETE CASCADE,
  seq integer NOT NULL CHECK (seq >= 0),
  station_code text NOT NULL REFERENCES stations,
  distance_km double precision NOT NULL CHECK (distance_km >= 0),
  arrive_minutes integer,
  depart_minutes integer,
  PRIMARY KEY (route_id, seq),
  UNIQUE (route_id, station_code)
);
CREATE INDEX route_stops_station ON route_stops (station_code);

-- The train's id is its number. Departure is local time in Dhaka at the first stop.
CREATE TABLE trains (
  train_id text PRIMARY KEY,
  name text NOT NULL,
  route_id text NOT NULL REFERENCES routes,
  departure_time text NOT NULL CHECK (departure_time ~ '^[0-2][0-9]:[0-5][0-9]$'),
  days_off smallint[] NOT NULL DEFAULT '{}',
  active boolean NOT NULL DEFAULT true
);
CREATE INDEX trains_route ON trains (route_id);

CREATE TABLE coaches (
  train_id text NOT NULL REFERENCES trains ON DELETE CASCADE,
  position integer NOT NULL,
  coach text NOT NULL,
  class text NOT NULL,
  PRIMARY KEY (train_id, coach)
);

CREATE TABLE seats (
  train_id text NOT NULL,
  coach text NOT NULL,
  position integer NOT NULL,
  seat_id text NOT NULL,
  number text NOT NULL,
  PRIMARY KEY (train_id, seat_id),
  FOREIGN KEY (train_id, coach) REFERENCES coaches ON DELETE CASCADE
);

-- A version is never changed: a new price is a new version, and a journey keeps the one it was published with.
-- Milliseconds, since that is what a list's cursor carries.
CREATE TABLE fare_versions (
  fare_version_id uuid PRIMARY KEY,
  currency text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX fare_versions_newest ON fare_versions (created_at DESC, fare_version_id DESC);

CREATE TABLE fare_rates (
  fare_version_id uuid NOT NULL REFERENCES fare_versions,
  class text NOT NULL,
  per_km double precision NOT NULL CHECK (per_km >= 0),
  minimum bigint NOT NULL CHECK (minimum >= 0),
  PRIMARY KEY (fare_version_id, class)
);

-- A published journey is one document that never changes; the columns beside it are for finding it. The test journey
-- belongs to no train.
CREATE TABLE journeys (
  journey_id text PRIMARY KEY,
  train_id text REFERENCES trains,
  local_date date NOT NULL,
  departs boolean NOT NULL,
  departs_at timestamptz NOT NULL,
  arrives_at timestamptz NOT NULL,
  fare_version_id uuid NOT NULL REFERENCES fare_versions,
  document jsonb NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX journeys_train ON journeys (train_id, local_date);
CREATE INDEX journeys_arrival ON journeys (arrives_at);
