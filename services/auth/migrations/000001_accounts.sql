CREATE TABLE users (
  id            uuid PRIMARY KEY,
  -- always lower case: one account an address, whatever its spelling
  email         text NOT NULL UNIQUE CHECK (email = lower(email)),
  name          text NOT NULL,
  phone         text NOT NULL,
  role          text NOT NULL CHECK (role IN ('customer', 'staff', 'admin')),
  -- scrypt$<N>$<r>$<p>$<salt>$<hash>: the cost is a part, so that it can be raised later
  password_hash text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now()
);

-- One login and everything that was refreshed from it.
CREATE TABLE refresh_families (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- refreshing doesn't move it: after this the user signs in again
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_because text CHECK (revoked_because IN ('logout', 'reuse', 'password_changed')),
  CHECK ((revoked_at IS NULL) = (revoked_because IS NULL))
);
CREATE INDEX refresh_families_by_user ON refresh_families (user_id);
CREATE INDEX refresh_families_by_expiry ON refresh_families (expires_at);

CREATE TABLE refresh_tokens (
  -- SHA-256 of the token: a copy of this table signs nobody in
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  family_id  uuid NOT NULL REFERENCES refresh_families (id) ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);

-- Failed logins by account and address. Rows are made for unknown accounts too, or a lock-out would tell which exist.
CREATE TABLE login_failures (
  email        text NOT NULL,
  address      text NOT NULL,
  failures     integer NOT NULL CHECK (failures > 0),
  first_at     timestamptz NOT NULL,
  locked_until timestamptz,
  PRIMARY KEY (email, address)
);
CREATE INDEX login_failures_by_first_at ON login_failures (first_at);

CREATE TABLE signing_keys (
  kid         text PRIMARY KEY,
  public_jwk  jsonb NOT NULL,
  -- AES-256-GCM under KEY_ENCRYPTION_KEY: 12 bytes nonce, 16 bytes tag, ciphertext of the PKCS#8 DER; kid is the AAD
  private_key bytea NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  -- published in the JWKS before it signs, so that every gateway knows it in time
  active_from timestamptz NOT NULL,
  -- still published after it stopped signing, until the last token under it has expired
  retired_at  timestamptz
);

-- The messages of this service: written with the change that they tell of, published by the relay of any pod.
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
