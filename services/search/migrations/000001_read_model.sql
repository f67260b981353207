-- Up Migration

-- A read model: everything here can be had again from schedule-service and seat-reservation-service.

CREATE TABLE stations (
  code text PRIMARY KEY,
  name text NOT NULL
);

-- revision: of the claims that free_seats was counted from; -1 until anything was heard of them. checked_at: when seat-reservation
-- was last asked, so that the longest unasked comes first.
CREATE TABLE journeys (
  journey_id text PRIMARY KEY,
  train_number text NOT NULL,
  train_name text NOT NULL,
  departs boolean NOT NULL,
  arrives_at timestamptz NOT NULL,
  fare jsonb NOT NULL,
  coaches jsonb NOT NULL,
  free_seats jsonb NOT NULL,
  revision bigint NOT NULL DEFAULT -1,
  checked_at timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX journeys_arrival ON journeys (arrives_at);
CREATE INDEX journeys_unchecked ON journeys (checked_at);

CREATE TABLE journey_stops (
  journey_id text NOT NULL REFERENCES journeys ON DELETE CASCADE,
  seq integer NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  arrives_at timestamptz,
  departs_at timestamptz,
  distance_km double precision NOT NULL,
  PRIMARY KEY (journey_id, seq)
);
-- A search begins with the trains that leave a station within a day.
CREATE INDEX journey_stops_departure ON journey_stops (code, departs_at) WHERE departs_at IS NOT NULL;

-- Work that one pod of all does at a time; whoever moves next_at does it.
CREATE TABLE turns (
  name text PRIMARY KEY,
  next_at timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO turns (name) VALUES ('fill');
