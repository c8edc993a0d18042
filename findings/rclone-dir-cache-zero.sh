#!/usr/bin/env bash
# rclone 1.76.0, serve s3: with --dir-cache-time 0 the server uses a whole core after the first upload whose key has a folder.
#
# A folder that the server created stays in the cache as a "virtual" entry. When such a folder expires, (*Dir).ForgetAll in vfs/dir.go
# keeps it and restarts its timer with twice the cache time. Twice 0 is 0, so the timer fires again at once, without end, and each time
# in a new goroutine. The server still responds. It uses no CPU time with a cache time of 100 ms.
#
# The script builds rclone with the backends local and s3, serves an empty folder on loopback without keys, uploads a file of 3 bytes,
# and reads the server's CPU time during 3 s, for both cache times.
#
# Seen, in hundredths of a second of CPU time:
#   --dir-cache-time 0s: 249
#   --dir-cache-time 100ms: 0
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server"; rm -rf "$work"' EXIT
cd "$work"
export GOWORK=off GOFLAGS=-mod=mod

cat >main.go <<'GO'
package main

import (
	_ "github.com/rclone/rclone/backend/local"
	_ "github.com/rclone/rclone/backend/s3"
	"github.com/rclone/rclone/cmd"
	_ "github.com/rclone/rclone/cmd/copyto"
	_ "github.com/rclone/rclone/cmd/serve/s3"
)

func main() { cmd.Main() }
GO
cat >go.mod <<'GO'
module finding

go 1.26.0

require github.com/rclone/rclone v1.76.0
GO
go build -o rclone . 2>build.log || { cat build.log; exit 2; }
echo hi >file

port=$((20000 + RANDOM % 20000))
export RCLONE_CONFIG=/dev/null RCLONE_S3_PROVIDER=Other RCLONE_S3_REGION=us-east-1 RCLONE_S3_ENDPOINT=http://127.0.0.1:$port
export RCLONE_S3_ACCESS_KEY_ID=finding RCLONE_S3_SECRET_ACCESS_KEY=finding

used() { awk '{ print $14 + $15 }' "/proc/$server/stat"; } # user and system time, in ticks of 10 ms

declare -A ticks=()
for time in 0s 100ms; do
  mkdir -p "$time/backups" # a bucket is a folder
  ./rclone serve s3 "$time" --addr "127.0.0.1:$port" --dir-cache-time "$time" >"$time.log" 2>&1 &
  server=$!
  for _ in {1..100}; do
    if (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi # refused until the server listens
    sleep 0.1
  done
  ./rclone copyto file :s3:backups/site/file 2>copy.log || { cat copy.log; exit 2; }
  before=$(used)
  sleep 3
  ticks[$time]=$(($(used) - before))
  echo "--dir-cache-time $time: ${ticks[$time]}"
  kill "$server"
  wait "$server" || true # the status of the signal above
  server=
done

((ticks[0s] > 50 && ticks[100ms] < 20)) || exit 1
