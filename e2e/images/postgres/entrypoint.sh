#!/bin/bash
# Starts PostgreSQL on a volume: makes the cluster when there is none, sets the superuser's password over the
# local socket before anybody can connect by TCP (a lost and regenerated Secret heals), then runs the server
# with the arguments given. Needs POSTGRES_PASSWORD, and /tmp and /var/run/postgresql writable.
set -euo pipefail
: "${POSTGRES_PASSWORD:?Set POSTGRES_PASSWORD to the password of the superuser postgres.}"

# Local connections are trusted: only this container's own user reaches the socket.
write_hba() {
  printf '%s\n' 'local all all trust' 'host all all all scram-sha-256' >"$PGDATA/pg_hba.conf"
}

# initdb works beside PGDATA and is moved when complete, so that one killed half way leaves no half cluster.
make_cluster() {
  local fresh="$PGDATA.new"
  rm -rf "$fresh"
  initdb --pgdata="$fresh" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
    --auth-local=trust --auth-host=scram-sha-256 --data-checksums
  [ ! -d "$PGDATA" ] || rmdir "$PGDATA"
  mv "$fresh" "$PGDATA"
}

# The statement goes in by a variable and logging of statements is off: the password is in no log.
set_password() {
  local options="-c listen_addresses='' -c log_statement=none -c log_min_error_statement=panic"
  pg_ctl start --silent --wait --timeout=600 --pgdata="$PGDATA" --options="$options"
  psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username=postgres postgres <<'SQL'
\getenv password POSTGRES_PASSWORD
SET password_encryption = 'scram-sha-256';
ALTER ROLE postgres PASSWORD :'password';
SQL
  pg_ctl stop --silent --wait --mode=fast --pgdata="$PGDATA"
}

trap 'pg_ctl stop --silent --mode=fast --pgdata="$PGDATA" || true; exit 0' INT TERM
[ -s "$PGDATA/PG_VERSION" ] || make_cluster
chmod 700 "$PGDATA" # a volume's fsGroup adds group rights, which PostgreSQL refuses
rm -f "$PGDATA/postmaster.pid" # the volume belongs to one pod: a pid file here is a dead container's
write_hba
set_password
trap - INT TERM
unset POSTGRES_PASSWORD
exec postgres -D "$PGDATA" -c "listen_addresses=*" "$@"
