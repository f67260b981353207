-- Up Migration

-- One row an act, written before it is tried, and at most one result, written after. Neither is ever changed: an act without a
-- result is one that is under way, or whose process died in it.
CREATE TABLE acts (
  act_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  user_name text NOT NULL,
  user_email text NOT NULL,
  user_role text NOT NULL,
  action text NOT NULL,
  service text NOT NULL,
  method text NOT NULL,
  path text NOT NULL,
  body jsonb,
  request_id text NOT NULL
);
CREATE INDEX acts_user ON acts (user_id, act_id);
CREATE INDEX acts_at ON acts (at);

-- status is null where no answer came.
CREATE TABLE act_results (
  act_id bigint PRIMARY KEY REFERENCES acts,
  at timestamptz NOT NULL DEFAULT now(),
  outcome text NOT NULL CHECK (outcome IN ('DONE', 'REFUSED', 'UNANSWERED')),
  status integer,
  code text
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only added to';
END
$$;
CREATE TRIGGER acts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON acts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER act_results_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON act_results
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
