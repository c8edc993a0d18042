# A PostgreSQL server outside the cluster, on its own host, as in the report. Its data survive `stop` and are removed by `down`.
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
  # Single-user mode needs no superuser password, and no password appears in an argument.
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

# postgres_stop: a fast shutdown. Clients are disconnected with an error, and new connections are refused.
postgres_stop() {
  kill -INT "$(head -n1 "$HANKKI_LAB/postgres/data/postmaster.pid")"
  wait_for 60 "stopping PostgreSQL" host_lacks postgres postgres
}

postgres_runs() { ! host_lacks postgres postgres; }

# The user `postgres` may be unable to read the data folder's parent (a home folder), so the folder is mounted at the usual path. The
# mount, /dev/shm and the IPC namespace are private to these processes and end with them.
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
