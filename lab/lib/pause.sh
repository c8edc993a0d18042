# The verbs `pause` and `unpause`: SIGSTOP and SIGCONT for a service's processes. The host's kernel still accepts connections and
# buffers what clients send, but the service sends no reply.
# shellcheck shell=bash

# Services that can be paused, on the host of the same name, and their program. (kubelet would restart a paused API server.)
declare -rA PROGRAM=([postgres]=postgres [registry]=docker-registry)

lab_pause() { # SERVICE
  take_lock "pause $1"
  part_runs "$1" || die "pause $1: $1 is stopped"
  ! service_is_paused "$1" || die "pause $1: $1 is already paused"
  service_signal "$1" STOP
  say "$1: paused; connections are accepted, no reply is sent"
}

lab_unpause() { # SERVICE
  take_lock "unpause $1"
  service_is_paused "$1" || die "unpause $1: $1 is not paused"
  service_signal "$1" CONT
  say "$1: resumed"
}

service_processes() { host_processes "$1" "${PROGRAM[$1]}"; }

# A process that has exited in the meantime is not an error.
service_signal() { # SERVICE SIGNAL
  service_processes "$1" | xargs -r kill "-$2" || true
}

service_is_paused() {
  local pid
  for pid in $(service_processes "$1"); do
    if grep -qs '^State:.T' "/proc/$pid/status"; then return 0; fi
  done
  return 1
}
