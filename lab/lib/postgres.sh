# A PostgreSQL server outside of the cluster, on a host of its own, as on the report's site. Its data stay while it is
# stopped and end with the lab.
# shellcheck shell=bash

readonly POSTGRES_BIN=/usr/lib/postgresql/15/bin

postgres_create() {
  local folder=$HANKKI_LAB/postgres password=$HANKKI_LAB/postgres-password
  host_attach postgres
  (umask 077 && openssl rand -hex 16 >"$password")
  mkdir -p "$folder"
  postgres_certificate "$folder"
  chown -R postgres:postgres "$folder"
  postgres_run "$POSTGRES_BIN/initdb" --pgdata=data --encoding=UTF8 --locale=C.UTF-8 --auth=reject --username=postgres --no-sync
  echo "hostssl all all 10.0.0.0/$PREFIX_LENGTH scram-sha-256" >>"$folder/data/pg_hba.conf"
  echo "host all all 10.0.0.0/$PREFIX_LENGTH scram-sha-256" >>"$folder/data/pg_hba.conf"
  # Single-user mode: no password of the superuser is needed, and none in an argument.
  printf "CREATE ROLE hankki LOGIN CREATEDB PASSWORD '%s'\nCREATE DATABASE hankki OWNER hankki\n" "$(cat "$password")" |
    postgres_run "$POSTGRES_BIN/postgres" --single -D data postgres
  postgres_start
}

postgres_start() {
  daemon postgres "$LOGS/postgres.log" "${postgres_environment[@]}" "$HANKKI_LAB/postgres" "$POSTGRES_BIN/postgres" -D data \
    -c listen_addresses="${ADDRESS[postgres]}" -c unix_socket_directories= \
    -c ssl=on -c ssl_cert_file=/var/lib/postgresql/server.crt -c ssl_key_file=/var/lib/postgresql/server.key
  wait_for 30 "PostgreSQL at ${ADDRESS[postgres]}:5432" in_host postgres "$POSTGRES_BIN/pg_isready" -h "${ADDRESS[postgres]}"
}

# postgres_stop: its administrator's fast shutdown; clients are told, and new ones refused.
postgres_stop() {
  kill -INT "$(head -n1 "$HANKKI_LAB/postgres/data/postmaster.pid")"
  wait_for 60 "the end of PostgreSQL" host_lacks postgres postgres
}

postgres_runs() { ! host_lacks postgres postgres; }

# The data folder may lie where the user `postgres` cannot look (a home folder), so it is mounted at the usual place,
# seen by these processes only, with a /dev/shm and an IPC namespace that go away with them.
# shellcheck disable=SC2016 # the inner shell expands it
readonly postgres_environment=(unshare --ipc --mount bash -euc '
  mount --bind "$1" /var/lib/postgresql
  mount -t tmpfs tmpfs /dev/shm
  cd /var/lib/postgresql
  exec setpriv --reuid=postgres --regid=postgres --clear-groups env -i PATH=/usr/bin:/bin LANG=C.UTF-8 "${@:2}"' postgres)

postgres_run() { ip netns exec hankki-postgres "${postgres_environment[@]}" "$HANKKI_LAB/postgres" "$@"; }

postgres_certificate() { # FOLDER
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=${ADDRESS[postgres]}" \
    -addext "subjectAltName=IP:${ADDRESS[postgres]}" -keyout "$1/server.key" -out "$1/server.crt"
  chmod 600 "$1/server.key"
  cp "$1/server.crt" "$HANKKI_LAB/postgres-ca.crt"
}
