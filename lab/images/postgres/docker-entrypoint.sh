#!/bin/bash
# The official image's contract: POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB make the role and the database when
# PGDATA is empty; the server then listens on every address.
set -euo pipefail

if [[ ${1:-} != postgres ]]; then exec "$@"; fi
if [[ $(id -u) == 0 ]]; then
  mkdir -p "$PGDATA"
  chown postgres:postgres "$PGDATA" /var/run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
fi

if [[ ! -s $PGDATA/PG_VERSION ]]; then
  user=${POSTGRES_USER:-postgres}
  initdb --pgdata="$PGDATA" --username="$user" --encoding=UTF8 --locale=C.UTF-8 \
    --auth-local=trust --auth-host=scram-sha-256 \
    --pwfile=<(printf '%s\n' "${POSTGRES_PASSWORD:?is not set: the password of the role to create}")
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  if [[ ${POSTGRES_DB:-$user} != postgres ]]; then
    # Single-user mode: the database exists before anyone can connect.
    printf 'CREATE DATABASE "%s"\n' "${POSTGRES_DB:-$user}" | postgres --single -D "$PGDATA" postgres
  fi
fi
# The official image says STOPSIGNAL SIGINT, for which crane has no option: a fast shutdown, that waits for no client.
"$@" -c listen_addresses='*' &
server=$!
trap 'kill -INT "$server"' TERM INT
wait "$server" || wait "$server" # the trap ends the first
