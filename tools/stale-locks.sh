#!/usr/bin/env bash
# stale-locks.sh STACK: removes the stack's locks in a local file backend if the `pulumi` of this machine that holds them was
# killed, so that the next `up` needs no `pulumi cancel`. A lock of a running process or of another machine stays. Pulumi 3.259
# never removes the lock of a killed process by itself, and `pulumi cancel` also removes those of running ones (Lock in
# pkg/backend/diy/lock.go, CancelCurrentUpdate in backend.go). Remove this script once Pulumi ignores locks of ended processes.
set -euo pipefail
stack=$1 home=~
# The backend is found in the CLI's order. `pulumi login` writes it to credentials.json; `pulumi login --local` writes file://~.
credentials=${PULUMI_CREDENTIALS_PATH:-${PULUMI_HOME:-$home/.pulumi}}/credentials.json
backend=${PULUMI_BACKEND_URL:-}
if [[ -z $backend && -e $credentials ]]; then backend=$(jq -r '.current // empty' "$credentials"); fi
[[ $backend == file://* ]] || exit 0 # other backends handle their locks themselves
folder=${backend#file://}
folder=${folder%%\?*}
if [[ $folder == '~'* ]]; then folder=$home${folder#'~'}; fi
for lock in "$folder"/.pulumi/locks/organization/hankki/"$stack"/*.json; do
  [[ -e $lock ]] || continue
  read -r pid host < <(jq -r '"\(.pid) \(.hostname)"' "$lock")
  # Another program may have the process id by now.
  if [[ $host == "$(hostname)" && $(cat "/proc/$pid/comm" 2>/dev/null) != pulumi* ]]; then
    echo "removed the lock of a killed pulumi process (pid $pid)"
    rm "$lock"
  fi
done
