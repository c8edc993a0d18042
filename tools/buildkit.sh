#!/usr/bin/env bash
# buildkit.sh start|stop: runs a BuildKit daemon as root, with the buildx instance "hankki" in $DOCKER_CONFIG. Its build cache
# stays in $HANKKI_CACHE/buildkit; `lab/lab down` ends its process.
set -euo pipefail
: "${HANKKI_CACHE:?}" "${HANKKI_LAB:?}" "${DOCKER_CONFIG:?}"
run=$HANKKI_LAB/buildkit socket=$HANKKI_LAB/buildkit/sock

running() { [[ -s $run/pid ]] && [[ $(readlink "/proc/$(cat "$run/pid")/exe") == *buildkitd* ]]; }

start() {
  if running; then return; fi
  mkdir -p "$run" "$DOCKER_CONFIG/buildx/instances"
  printf '{"Name":"hankki","Driver":"remote","Nodes":[{"Name":"hankki0","Endpoint":"unix://%s"}]}' "$socket" \
    >"$DOCKER_CONFIG/buildx/instances/hankki"
  # Control groups of builds are below the lab's, so that `lab/lab down` removes them.
  printf '[worker.oci]\n  defaultCgroupParent = "hankki"\n' >"$run/config.toml"
  setsid buildkitd --config "$run/config.toml" --root "$HANKKI_CACHE/buildkit" --addr "unix://$socket" >"$run/log" 2>&1 </dev/null &
  local pid=$!
  echo "$pid" >"$run/pid"
  for _ in $(seq 100); do
    if [[ -S $socket ]] && docker-buildx inspect hankki >/dev/null 2>&1; then return; fi
    [[ -d /proc/$pid ]] || break # not running(): the process is setsid before it is buildkitd
    sleep 0.2
  done
  echo "buildkitd does not respond; the last lines of its log $run/log:" >&2
  tail -n 15 "$run/log" >&2
  exit 1
}

stop() {
  if ! running; then return; fi
  local pid
  pid=$(cat "$run/pid")
  kill "$pid"
  while [[ -d /proc/$pid ]]; do sleep 0.1; done
  rm -rf "$run"
}

case ${1:-} in
  start | stop) "$1" ;;
  *)
    echo "usage: buildkit.sh start|stop" >&2
    exit 2
    ;;
esac
