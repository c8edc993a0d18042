#!/bin/bash
# The interface of the official image: if PGDATA is empty, it creates the role and the database of POSTGRES_USER, POSTGRES_PASSWORD
# and POSTGRES_DB. The server listens on every address.
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
    # Single-user mode: the database exists before the server accepts connections.
    printf 'CREATE DATABASE "%s"\n' "${POSTGRES_DB:-$user}" | postgres --single -D "$PGDATA" postgres
  fi
fi
# The official image has STOPSIGNAL SIGINT (a fast shutdown, which does not wait for clients); crane has no option for it.
"$@" -c listen_addresses='*' &
server=$!
trap 'kill -INT "$server"' TERM INT
wait "$server" || wait "$server" # the trap interrupts the first wait
