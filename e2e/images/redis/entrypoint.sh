#!/bin/bash
# Starts Redis with the password REDIS_PASSWORD, which goes in by standard input: arguments show in `ps`.
# Arguments: redis-server's own, or another command to run instead.
set -euo pipefail
case ${1-} in
  redis-server) shift ;;
  -* | '') ;;
  *) exec "$@" ;;
esac
password=${REDIS_PASSWORD-}
unset REDIS_PASSWORD
[ -n "$password" ] || exec redis-server "$@"
escaped=${password//\\/\\\\}
escaped=${escaped//\"/\\\"}
exec redis-server - "$@" < <(printf 'requirepass "%s"\n' "$escaped")
