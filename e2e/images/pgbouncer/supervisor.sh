#!/bin/bash
# Runs PgBouncer on the mounted configuration and sends SIGHUP when a mounted file changes: clients stay
# connected while limits or users change. SIGTERM is handed on: since 1.23 it means that nobody new is let in
# and PgBouncer ends when the last client has left; a second one ends it at once.
# The hash of the configuration that runs is in /tmp/pgbouncer-config.sha256.
set -uo pipefail
config=${PGBOUNCER_CONFIG:-/etc/pgbouncer/pgbouncer.ini}
stamp=/tmp/pgbouncer-config.sha256
poll_seconds=2   # the kubelet itself takes up to a minute to bring a changed ConfigMap
full_look_every=15 # polls; in between only times are compared, which starts no process

# A mounted ConfigMap or Secret is a folder of links that swing all at once: -L, and not the folders behind them.
config_hash() {
  find -L /etc/pgbouncer -type f -not -path '*/..*' -print0 2>/dev/null | sort -z \
    | xargs -0 cat 2>/dev/null | sha256sum | cut -c1-64
}

looks_newer() {
  local file
  for file in /etc/pgbouncer/* /etc/pgbouncer/*/*; do
    [ -f "$file" ] && [ "$file" -nt "$stamp" ] && return 0
  done
  return 1
}

reload_if_changed() {
  local current
  touch "$stamp" # before reading: what is written from now on is newer
  current=$(config_hash)
  [ "$current" != "$running" ] || return 0
  kill -HUP "$pgbouncer" 2>/dev/null || return 0
  running=$current
  echo "$running" >"$stamp"
  echo "configuration changed, reloaded: $running"
}

running=$(config_hash)
echo "$running" >"$stamp"
pgbouncer "$config" &
pgbouncer=$!
trap 'kill -TERM "$pgbouncer" 2>/dev/null' TERM
trap 'kill -INT "$pgbouncer" 2>/dev/null' INT

polls=0
while kill -0 "$pgbouncer" 2>/dev/null; do
  sleep "$poll_seconds" &
  wait -n "$pgbouncer" $!
  polls=$((polls + 1))
  if looks_newer || ((polls % full_look_every == 0)); then reload_if_changed; fi
done
wait "$pgbouncer"
exit $?
