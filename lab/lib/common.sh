# Names, addresses, folders and the way of telling what happens. Sourced by lab/lab before everything else.
# shellcheck shell=bash

: "${HANKKI_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/hankki}"
: "${HANKKI_LAB:=$HANKKI_CACHE/lab}"
export HANKKI_CACHE HANKKI_LAB

# The report's pool 10.0.0.3-10.0.0.254 holds no host: MetalLB announces its addresses on the same network.
readonly PREFIX_LENGTH=16 GATEWAY=10.0.1.1
readonly NODES=(cp w1 w2) HOSTS=(cp w1 w2 registry postgres client)
# What can be stopped while its host goes on.
readonly SERVICES=(apiserver postgres registry)
declare -rA ADDRESS=(
  [registry]=10.0.1.2 [postgres]=10.0.1.3
  [cp]=10.0.1.11 [w1]=10.0.1.12 [w2]=10.0.1.13
  [client]=10.0.1.100
)
export KUBERNETES=v1.34.4
readonly KUBERNETES CALICO=v3.28.5 METALLB=v0.15.2

readonly KUBECONFIG_FILE=$HANKKI_LAB/kubeconfig LOGS=$HANKKI_LAB/log
# What belongs to the machine and not to a folder is kept where a reboot removes it too.
readonly RUN=/run/hankki-lab
# Tests of the preflight set it to a folder with the /proc, /sys, /dev, /etc, /boot, /lib and /run of another machine.
readonly LAB_MACHINE_ROOT=${LAB_MACHINE_ROOT:-}

say() { printf '%s\n' "$*"; }
die() {
  printf 'lab: %s\n' "$*" >&2
  exit 1
}

# step NAME COMMAND...: runs COMMAND with its output in the log, tells how long it took, stops the verb if it fails.
# The subshell is no operand of `||`, for there bash would ignore `set -e` inside of COMMAND.
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
      printf 'lab: %s failed at the step "%s" (exit code %d). The last lines of its log:\n' "$verb" "$name" "$status"
      tail -n 15 "$log" | sed 's/^/    /'
      printf 'lab: the whole log is %s; what runs was left for inspection, the next "up" or "down" removes it.\n' "$log"
    } >&2
    exit 1
  fi
  printf '  %-60s %6.1f s\n' "$name" "$(seconds_since "$started")"
}

seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

# wait_for SECONDS WHAT COMMAND...: until COMMAND succeeds.
wait_for() {
  local seconds=$1 what=$2 end=$((SECONDS + $1))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= end)); then
      echo "$what: not there after $seconds s" >&2
      return 1
    fi
    sleep 0.2
  done
}

# each_parallel FUNCTION ITEM...: one process an item; fails if any of them does.
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

# content_key WORD...: a short name for this content; files are named by what they hold.
content_key() { printf '%s\0' "$@" | sha256sum | cut -c1-16; }

is_node() { [[ " ${NODES[*]} " == *" $1 "* ]]; }
is_service() { [[ " ${SERVICES[*]} " == *" $1 "* ]]; }
is_host() { [[ " ${HOSTS[*]} " == *" $1 "* ]]; }
