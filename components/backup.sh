#!/bin/sh
# backup.sh COMMAND: saves the database of libpq's variables (PGHOST and so on) in the folder BACKUPS, and restores it. It uses only
# what sh, awk, sed, flock, head and sha256sum of both Debian and Alpine support, and the client programs of PostgreSQL.
#
# If BUCKET (bucket/prefix) is set, the dumps are stored there in S3, and BACKUPS is a working folder. rclone copies between both; its
# variables (RCLONE_S3_ENDPOINT and so on) configure it.
#
#   take                      dumps the database, checks the dump, and removes all but the newest KEEP dumps
#   list                      prints one line of JSON per dump, the newest first; only the name if the description is damaged
#   send NAME                 writes a dump to the standard output
#   receive NAME JSON         reads a dump of the size in JSON from the standard input, and verifies its SHA-256
#   restore NAME DATABASE     restores a dump into a new or empty database, and compares the rows of each table
#   wait SECONDS              keeps the container alive for commands
#
# A dump NAME is NAME.dump and, written after it, NAME.json: name, time (UTC, before the snapshot), database, server and bytes, sha256,
# rows, the rows of each table, and the revision of the migrations. A dump without NAME.json is incomplete.
set -eu
umask 077
: "${BACKUPS:?}" "${PGDATABASE:?}"
PATH=$PATH:/run/hankki/rclone # rcloneFolder of backup_s3.go

fail() {
  echo "$*" >&2
  exit 1
}

sql() { psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"; }

# connect selects the password that the server accepts: PGPASSWORD, or during a rotation PASSWORD_FALLBACK.
connect() {
  reason=$(sql --command='SELECT' 2>&1) && return
  if [ -n "${PASSWORD_FALLBACK-}" ]; then
    first=${PGPASSWORD-} PGPASSWORD=$PASSWORD_FALLBACK
    export PGPASSWORD
    sql --command='SELECT' >/dev/null 2>&1 && return
    PGPASSWORD=$first
  fi
  fail "PostgreSQL at $PGHOST:$PGPORT refuses the connection: $reason"
}

lock() { # [-s: shared]
  [ -w "$BACKUPS" ] || fail "the volume of the backups is not writable by the user $(id -u): change the owner or the mode of its root folder"
  exec 9>>"$BACKUPS/lock"
  flock "$@" 9 || fail "the volume of the backups does not support file locks: choose another one"
}

# rows DUMP: reads all data of a dump and prints a line COUNT TABLE per table, and one "revision REVISION". It fails if the dump is
# damaged: pg_restore --list reads only the table of contents, at the beginning of the file.
rows() {
  {
    pg_restore --data-only --file=- "$1" && echo COMPLETE
  } | awk '
    !copying && /^COPY / { table = $0; sub(/^COPY /, "", table); sub(/ [(][^()]*[)] FROM stdin;$/, "", table); count[table] = 0; copying = 1; next }
    copying && /^\\\.$/ { copying = 0; next }
    copying { count[table]++; if (table ~ /[.]alembic_version$/) revision = $0; next }
    /^COMPLETE$/ { complete = 1 }
    END {
      if (!complete) exit 1
      for (table in count) print count[table], table
      if (revision != "") print "revision", revision
    }' | LC_ALL=C sort
}

# describe NAME ROWS: prints the dump's JSON. ROWS is a file with the output of rows.
describe() {
  server=$(sql --command='SHOW server_version')
  database=$(sql --command='SELECT to_json(current_database()::text)')
  printf '{"name":"%s","time":"%s","database":%s,"server":"%s","bytes":%s,"sha256":"%s",' "$1" "$(time_of "$1")" \
    "$database" "${server%% *}" "$(wc -c <"$BACKUPS/.partial" | tr -d ' ')" "$(sha256sum "$BACKUPS/.partial" | cut -d ' ' -f 1)"
  sed 's/"//g; s/\\/\\\\/g' "$2" | awk '
    $1 == "revision" { revision = $2; next }
    { sum += $1; number = $1; sub(/^[0-9]+ /, ""); tables = tables separator "\"" $0 "\":" number; separator = "," }
    END { printf "\"rows\":%d,\"tables\":{%s},\"revision\":\"%s\"}\n", sum, tables, revision }'
}

take() {
  connect
  server=$(sql --command="SELECT current_setting('server_version_num')::int / 10000")
  client=$(pg_dump --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
  [ "$client" -ge "$server" ] ||
    fail "pg_dump $client can't dump a server of PostgreSQL $server: set hankki:baseImages.postgres to an image of PostgreSQL $server or later"
  lock
  pull
  clean
  name=$(new_name)
  trap 'rm -f "$BACKUPS/.partial" "$BACKUPS/.json"' EXIT
  pg_dump --no-password --format=custom --file="$BACKUPS/.partial"
  counted=$(mktemp)
  rows "$BACKUPS/.partial" >"$counted"
  [ -s "$counted" ] || fail "the dump of the database $PGDATABASE is damaged or has no table: it is not kept"
  describe "$name" "$counted" >"$BACKUPS/.json"
  keep "$name"
  push "$name"
  rotate
  # On success too, the result is the termination message.
  if [ -w "${TERMINATION_LOG:-/dev/termination-log}" ]; then cat "$BACKUPS/$name.json" >"${TERMINATION_LOG:-/dev/termination-log}"; fi
  cat "$BACKUPS/$name.json"
}

# time_of NAME: the time in the name, which is before the snapshot of pg_dump.
time_of() { echo "$1" | sed 's/^hankki-\(....\)\(..\)\(..\)T\(..\)\(..\)\(..\)Z$/\1-\2-\3T\4:\5:\6Z/'; }

# new_name waits if the second of the time already has a dump.
new_name() {
  name=hankki-$(date -u +%Y%m%dT%H%M%SZ)
  while [ -e "$BACKUPS/$name.json" ]; do
    sleep 1
    name=hankki-$(date -u +%Y%m%dT%H%M%SZ)
  done
  echo "$name"
}

# keep NAME: makes the partial dump and its JSON visible; the JSON last, because it marks the dump as complete.
keep() {
  sync "$BACKUPS/.partial" "$BACKUPS/.json" 2>/dev/null || sync # an old sync takes no file, which needs no message: it then writes all files
  mv "$BACKUPS/.partial" "$BACKUPS/$1.dump"
  mv "$BACKUPS/.json" "$BACKUPS/$1.json"
}

# named reads names, and prints those that new_name can have given. rclone would read any other name as a pattern.
named() { sed -n '/^hankki-[0-9]\{8\}T[0-9]\{6\}Z$/p'; }

# whole NAME: the description is complete. After a power failure it can be missing (without a message), empty or cut off.
whole() { grep -q "^{\"name\":\"$1\",.*\"revision\":\"[^\"]*\"}\$" "$BACKUPS/$1.json" 2>/dev/null; }

# list prints only the name of a dump with a damaged description.
list() {
  lock -s
  pull
  names | while read -r name; do
    if whole "$name"; then printf '%s\n' "$(cat "$BACKUPS/$name.json")"; else printf '{"name":"%s"}\n' "$name"; fi
  done
}

names() { for file in "$BACKUPS"/hankki-*.json; do basename "$file" .json; done | named | LC_ALL=C sort -r; }

# clean removes what an interrupted command left. In the bucket, a dump without JSON may belong to a running pod. A Job ends after
# one hour and a session of cmd/hankki after six, so clean removes only what is older than seven hours.
clean() {
  rm -f "$BACKUPS/.partial" "$BACKUPS/.json"
  abandoned=$(s3 lsf "$STORE" --include '/hankki-*.dump' --min-age 7h)
  for name in $(echo "$abandoned" | sed 's/[.]dump$//' | named); do
    [ -e "$BACKUPS/$name.json" ] || s3 delete "$STORE" --include "/$name.dump"
  done
  for file in "$BACKUPS"/hankki-*.dump; do
    if [ -e "$file" ] && [ ! -e "${file%.dump}.json" ]; then rm -f "$file"; fi
  done
}

# rotate removes all dumps older than the newest KEEP whole ones.
rotate() {
  last=$(names | while read -r name; do if whole "$name"; then echo "$name"; fi; done | sed -n "${KEEP}p")
  [ -n "$last" ] || return 0
  names | awk -v last="$last" 'older { print } $0 == last { older = 1 }' | while read -r old; do
    s3 delete "$STORE" --include "/$old.json"
    s3 delete "$STORE" --include "/$old.dump"
    rm -f "$BACKUPS/$old.json" "$BACKUPS/$old.dump"
  done
}

# STORE is rclone's name of the folder in the bucket.
STORE=:s3:${BUCKET-}

# s3 ARGUMENT...: runs rclone, if the dumps are in S3.
s3() {
  [ -n "${BUCKET-}" ] || return 0
  rclone "$@" || fail "S3 at $RCLONE_S3_ENDPOINT, bucket $BUCKET: rclone $1 failed"
}

# pull copies the descriptions of all dumps from the bucket.
pull() { s3 sync "$STORE" "$BACKUPS" --include '/hankki-*.json'; }

# push NAME: copies a dump to the bucket, the JSON last. S3 shows an object only once it is complete, and rclone compares its checksum.
# It does not replace a dump that a concurrent backup of the same second has written, and skips an equal one, of an upload before.
push() {
  s3 copyto --immutable --checksum "$BACKUPS/$1.dump" "$STORE/$1.dump"
  s3 copyto --immutable --checksum "$BACKUPS/$1.json" "$STORE/$1.json"
}

# fetch NAME: copies a dump from the bucket, unless the working folder has it.
fetch() { [ -e "$BACKUPS/$1.dump" ] || s3 copyto "$STORE/$1.dump" "$BACKUPS/$1.dump"; }

field() { printf %s "$2" | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; } # NAME JSON

receive() { # NAME JSON
  lock
  pull
  ! whole "$1" || fail "there is a dump $1 already"
  trap 'rm -f "$BACKUPS/.partial" "$BACKUPS/.json"' EXIT
  head -c "$(field bytes "$2")" >"$BACKUPS/.partial"
  [ "$(sha256sum "$BACKUPS/.partial" | cut -d ' ' -f 1)" = "$(field sha256 "$2")" ] || fail "the dump $1 arrived damaged: its SHA-256 is not $(field sha256 "$2")"
  printf '%s\n' "$2" >"$BACKUPS/.json"
  keep "$1"
  push "$1"
}

restore() { # NAME DATABASE
  lock -s
  dump=$BACKUPS/$1.dump
  pull
  [ -e "$BACKUPS/$1.json" ] || fail "there is no dump $1"
  whole "$1" || fail "the description of the dump $1 is damaged: choose another dump"
  fetch "$1"
  [ "$(sha256sum "$dump" | cut -d ' ' -f 1)" = "$(field sha256 "$(cat "$BACKUPS/$1.json")")" ] ||
    fail "the dump $1 is damaged: its SHA-256 is not the one of its backup; choose another dump"
  want=$(mktemp)
  rows "$dump" >"$want"
  [ -s "$want" ] || fail "the dump $1 is damaged: choose another dump"
  connect
  create "$2"
  echo "restoring $1 into the database $2" >&2
  if ! pg_restore --no-password --dbname="$2" --no-owner --no-privileges --exit-on-error --single-transaction "$dump"; then
    discard "$2"
    fail "the restore of $1 failed, and nothing of it is in the database $2"
  fi
  have=$(mktemp)
  sed '/^revision /d; s/^[0-9]* //' "$want" | while read -r table; do
    printf '%s %s\n' "$(sql --dbname="$2" --command="SELECT count(*) FROM $table")" "$table"
  done | LC_ALL=C sort >"$have"
  if ! sed '/^revision /d' "$want" | cmp -s - "$have"; then
    discard "$2"
    fail "the rows of the database $2 are not those of the dump $1: $outcome"
  fi
  sql --dbname="$2" --command='ANALYZE'
  cat "$BACKUPS/$1.json"
}

# create DATABASE: like the current one in encoding, locale and locale provider. An existing database must be empty. The names of the
# columns differ: PostgreSQL has providers since 15, ICU rules since 16, and datlocale instead of daticulocale since 17.
create() {
  created=
  if [ "$(sql --set=name="$1" <<SQL
SELECT count(*) FROM pg_database WHERE datname = :'name'
SQL
)" = 0 ]; then
    sql --set=name="$1" <<SQL || fail "the user $PGUSER can't create the database $1: run ALTER ROLE \"$PGUSER\" CREATEDB as a superuser, or create an empty database for this user and give its name as TO"
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', :'name', pg_encoding_to_char(encoding), datcollate, datctype)
    || CASE d ->> 'datlocprovider'
      WHEN 'c' THEN ' LOCALE_PROVIDER libc'
      WHEN 'i' THEN ' LOCALE_PROVIDER icu ICU_LOCALE ' || quote_literal(coalesce(d ->> 'datlocale', d ->> 'daticulocale'))
        || coalesce(' ICU_RULES ' || quote_literal(d ->> 'daticurules'), '')
      WHEN 'b' THEN ' LOCALE_PROVIDER builtin BUILTIN_LOCALE ' || quote_literal(d ->> 'datlocale')
      ELSE ''
    END
  FROM pg_database, to_jsonb(pg_database) d WHERE datname = current_database() \gexec
SQL
    created=yes
  elif [ "$(sql --dbname="$1" --command="SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'")" != 0 ]; then
    fail "the database $1 exists and is not empty, so nothing is restored into it: give the name of a new or empty database as TO"
  fi
}

# discard DATABASE: drops the database if this restore created it. Another one keeps what the transaction has committed.
discard() {
  if [ -z "$created" ]; then
    outcome="the database $1 existed before and has the restored rows: drop it, or choose another name as TO"
    return
  fi
  sql --set=name="$1" <<SQL
DROP DATABASE :"name"
SQL
  outcome="the database is dropped"
}

case ${1-} in
  take) take ;;
  list) list ;;
  send) lock -s && fetch "$2" && cat "$BACKUPS/$2.dump" ;;
  receive) receive "$2" "$3" ;;
  restore) restore "$2" "$3" ;;
  wait)
    trap 'exit 0' TERM
    sleep "$2" &
    wait
    ;;
  *) fail "backup.sh take | list | send NAME | receive NAME JSON | restore NAME DATABASE | wait SECONDS" ;;
esac
