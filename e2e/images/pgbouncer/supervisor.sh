#!/bin/bash
# Runs PgBouncer on the mounted configuration and sends SIGHUP when a mounted file changes: clients stay
# connected while limits or users change. SIGTERM is handed on: since 1.23 it means that nobody new is let in
# and PgBouncer ends when the last client has left; a second one ends it at once.
# The hash of the configuration that runs is in /tmp/pgbouncer-config.sha256.
set -uo pipefail
config=${PGBOUNCER_CONFIG:-/etc/pgbouncer/pgbouncer.ini}
poll_seconds=2 # the kubelet itself takes up to a minute to bring a changed ConfigMap

# A mounted ConfigMap or Secret is a folder of links that swing all at once, so -L and contents, not times.
config_hash() {
  find -L /etc/pgbouncer -type f -not -path '*/..*' -print0 2>/dev/null | sort -z \
    | xargs -0 cat 2>/dev/null | sha256sum | cut -c1-64
}

pgbouncer "$config" &
pgbouncer=$!
trap 'kill -TERM "$pgbouncer" 2>/dev/null' TERM
trap 'kill -INT "$pgbouncer" 2>/dev/null' INT

running=$(config_hash)
echo "$running" >/tmp/pgbouncer-config.sha256
while kill -0 "$pgbouncer" 2>/dev/null; do
  sleep "$poll_seconds" &
  wait -n "$pgbouncer" $!
  current=$(config_hash)
  if [ "$current" != "$running" ] && kill -HUP "$pgbouncer" 2>/dev/null; then
    running=$current
    echo "$running" >/tmp/pgbouncer-config.sha256
    echo "configuration changed, reloaded: $running"
  fi
done
wait "$pgbouncer"
exit $?
