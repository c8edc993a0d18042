#!/usr/bin/env bash
# stale-locks.sh STACK: takes away what a `pulumi` of this machine that was killed left locked in a local file backend, so
# that the next `up` needs no hand. A lock whose owner lives, or is on another machine, stays.
set -euo pipefail
stack=$1
backend=${PULUMI_BACKEND_URL:-}
folder=${backend#file://}
[[ $folder != "$backend" ]] || exit 0 # another kind of backend, or the one of `pulumi login`: its own matter
for lock in "$folder"/.pulumi/locks/organization/hankki/"$stack"/*.json; do
  [[ -e $lock ]] || continue
  read -r pid host < <(jq -r '"\(.pid) \(.hostname)"' "$lock")
  # A number may have gone to another program since.
  if [[ $host == "$(hostname)" && $(cat "/proc/$pid/comm" 2>/dev/null) != pulumi* ]]; then
    echo "the lock of a pulumi that was killed (pid $pid) is taken away"
    rm "$lock"
  fi
done
