#!/usr/bin/env bash
# stale-locks.sh STACK: takes away what a `pulumi` of this machine that was killed left locked in a local file backend, so
# that the next `up` needs no hand. A lock whose owner lives, or is on another machine, stays.
set -euo pipefail
stack=$1 home=~
# As the CLI finds it: `pulumi login` keeps its backend in a file, and `pulumi login --local` calls it file://~.
credentials=${PULUMI_CREDENTIALS_PATH:-${PULUMI_HOME:-$home/.pulumi}}/credentials.json
backend=${PULUMI_BACKEND_URL:-}
if [[ -z $backend && -e $credentials ]]; then backend=$(jq -r '.current // empty' "$credentials"); fi
[[ $backend == file://* ]] || exit 0 # another kind of backend: its own matter
folder=${backend#file://}
folder=${folder%%\?*}
if [[ $folder == '~'* ]]; then folder=$home${folder#'~'}; fi
for lock in "$folder"/.pulumi/locks/organization/hankki/"$stack"/*.json; do
  [[ -e $lock ]] || continue
  read -r pid host < <(jq -r '"\(.pid) \(.hostname)"' "$lock")
  # A number may have gone to another program since.
  if [[ $host == "$(hostname)" && $(cat "/proc/$pid/comm" 2>/dev/null) != pulumi* ]]; then
    echo "the lock of a pulumi that was killed (pid $pid) is taken away"
    rm "$lock"
  fi
done
