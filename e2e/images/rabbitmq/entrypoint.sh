#!/bin/bash
# Starts RabbitMQ on a volume. The login of RABBITMQ_DEFAULT_USER and RABBITMQ_DEFAULT_PASS is imported at every
# boot, so it is right even where the volume knows an older password. Needs RABBITMQ_ERLANG_COOKIE, and /tmp and
# /var/lib/rabbitmq writable.
set -euo pipefail
umask 077
: "${RABBITMQ_DEFAULT_USER:?Set RABBITMQ_DEFAULT_USER.}" "${RABBITMQ_DEFAULT_PASS:?Set RABBITMQ_DEFAULT_PASS.}"
: "${RABBITMQ_ERLANG_COOKIE:?Set RABBITMQ_ERLANG_COOKIE.}"
if [[ ! $RABBITMQ_DEFAULT_USER =~ ^[A-Za-z0-9_.-]+$ ]]; then
  echo "RABBITMQ_DEFAULT_USER may hold letters, digits, dots, dashes and underscores only." >&2
  exit 1
fi

# RabbitMQ's own format: base64 of a four-byte salt and the SHA-256 of salt and password.
password_hash() {
  local salt hex
  salt=$(head -c 4 /dev/urandom | od -An -tx1 | tr -d ' \n')
  hex=$({ bytes "$salt"; printf %s "$RABBITMQ_DEFAULT_PASS"; } | sha256sum | cut -c1-64)
  bytes "$salt$hex" | base64 -w0
}
bytes() { printf %b "$(sed 's/../\\x&/g' <<<"$1")"; }

cat >/tmp/rabbitmq-definitions.json <<JSON
{
  "vhosts": [{ "name": "/" }],
  "users": [{
    "name": "$RABBITMQ_DEFAULT_USER", "tags": "administrator",
    "password_hash": "$(password_hash)", "hashing_algorithm": "rabbit_password_hashing_sha256"
  }],
  "permissions": [{
    "user": "$RABBITMQ_DEFAULT_USER", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"
  }]
}
JSON

# RabbitMQ looks at the machine's memory, not at the container's: it would run past its limit and be killed instead of
# slowing its publishers down.
export RABBITMQ_CONFIG_FILE=/tmp/rabbitmq.conf
limit=$({ cat /sys/fs/cgroup/memory.max || cat /sys/fs/cgroup/memory/memory.limit_in_bytes; } 2>/dev/null || true)
if [[ $limit =~ ^[0-9]+$ ]] && ((limit < 1 << 50)); then # above: cgroup v1's way to say "none"
  echo "total_memory_available_override_value = $limit" >"$RABBITMQ_CONFIG_FILE"
else
  echo '# no memory limit' >"$RABBITMQ_CONFIG_FILE"
fi

# A volume's fsGroup adds group rights, which Erlang refuses on its cookie.
cookie=/var/lib/rabbitmq/.erlang.cookie
rm -f "$cookie"
printf %s "$RABBITMQ_ERLANG_COOKIE" >"$cookie"
chmod 400 "$cookie"
unset RABBITMQ_DEFAULT_USER RABBITMQ_DEFAULT_PASS RABBITMQ_ERLANG_COOKIE
exec /usr/lib/rabbitmq/bin/rabbitmq-server "$@"
