#!/usr/bin/env bash
# timed.sh NAME COMMAND...: runs COMMAND, prints how long it took and appends that to $HANKKI_CACHE/steps.
set -euo pipefail
name=$1 started=$EPOCHREALTIME
shift
echo "== $name"
"$@"
line=$(awk -v n="$name" -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "%-28s %6.1f s", n, b - a }')
echo "== $line"
echo "$line" >>"$HANKKI_CACHE/steps"
