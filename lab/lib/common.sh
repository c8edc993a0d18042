# Names, addresses, folders and functions for output. lab/lab sources this file first.
# shellcheck shell=bash

: "${HANKKI_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/hankki}"
: "${HANKKI_LAB:=$HANKKI_CACHE/lab}"
export HANKKI_CACHE HANKKI_LAB

# No host has an address of the report's pool 10.0.0.3-10.0.0.254: MetalLB announces those on the same network.
readonly PREFIX_LENGTH=16 GATEWAY=10.0.1.1
readonly NODES=(cp w1 w2) HOSTS=(cp w1 w2 registry postgres client)
# Services that can be stopped while their host keeps running.
readonly SERVICES=(apiserver postgres registry)
declare -rA ADDRESS=(
  [registry]=10.0.1.2 [postgres]=10.0.1.3
  [cp]=10.0.1.11 [w1]=10.0.1.12 [w2]=10.0.1.13
  [client]=10.0.1.100
)
readonly CALICO=v3.28.5 METALLB=v0.15.2

readonly KUBECONFIG_FILE=$HANKKI_LAB/kubeconfig LOGS=$HANKKI_LAB/log
# State of the machine, not of one folder. A reboot removes it.
readonly RUN=/run/hankki-lab
# Tests of the preflight set it to a folder with the /proc, /sys, /dev, /etc, /boot, /lib and /run of another machine.
readonly LAB_MACHINE_ROOT=${LAB_MACHINE_ROOT:-}

say() { printf '%s\n' "$*"; }
die() {
  printf 'lab: %s\n' "$*" >&2
  exit 1
}

# step NAME COMMAND...: runs COMMAND with its output in the log and prints how long it took. If COMMAND fails, the verb exits with 1.
# The subshell is not an operand of `||`, because bash would then ignore `set -e` inside COMMAND.
step() {
  local name=$1 log=$step_log started=$EPOCHREALTIME status
  shift
  say "  $name ..."
  printf '\n=== %s\n' "$name" >>"$log"
  set +e
  (
    set -e
    "$@"
  ) >>"$log" 2>&1
  status=$?
  set -e
  if ((status)); then
    {
      printf 'lab: %s failed in the step "%s" (exit code %d). The last lines of the log:\n' "$verb" "$name" "$status"
      tail -n 15 "$log" | sed 's/^/    /'
      printf 'lab: the whole log is %s. Running parts stay for inspection; the next "up" or "down" removes them.\n' "$log"
    } >&2
    exit 1
  fi
  printf '  %-60s %6.1f s\n' "$name" "$(seconds_since "$started")"
}

seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

# wait_for SECONDS WHAT COMMAND...: repeats COMMAND until it succeeds; fails after SECONDS
wait_for() {
  local seconds=$1 what=$2 end=$((SECONDS + $1))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= end)); then
      echo "$what: timed out after $seconds s" >&2
      return 1
    fi
    sleep 0.2
  done
}

# each_parallel FUNCTION ITEM...: runs FUNCTION ITEM for all items in parallel; fails if one of them fails
each_parallel() {
  local function=$1 pids=() pid item failed=0
  shift
  for item; do
    "$function" "$item" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  return "$failed"
}

# content_key WORD...: a hash of the words, the part of a file name that changes with its inputs
content_key() { printf '%s\0' "$@" | sha256sum | cut -c1-16; }

is_node() { [[ " ${NODES[*]} " == *" $1 "* ]]; }
is_service() { [[ " ${SERVICES[*]} " == *" $1 "* ]]; }
is_host() { [[ " ${HOSTS[*]} " == *" $1 "* ]]; }
