# The verbs `freeze` and `thaw`: a service's processes stand still while its host goes on. The kernel takes connections and
# what is sent for them, and nobody answers.
# shellcheck shell=bash

# Those that can hang, each on the host of its name, and their program. (kubelet would make an API server anew that does.)
declare -rA PROGRAM=([postgres]=postgres [registry]=docker-registry)

lab_freeze() { # SERVICE
  claim "freeze $1"
  part_runs "$1" || die "freeze $1: it is stopped"
  ! service_is_frozen "$1" || die "freeze $1: it is frozen already"
  service_signal "$1" STOP
  say "$1 is frozen; who connects waits."
}

lab_thaw() { # SERVICE
  claim "thaw $1"
  service_is_frozen "$1" || die "thaw $1: it is not frozen"
  service_signal "$1" CONT
  say "$1 goes on."
}

service_processes() { host_processes "$1" "${PROGRAM[$1]}"; }

# One that ended meanwhile needs no signal.
service_signal() { # SERVICE SIGNAL
  service_processes "$1" | xargs -r kill "-$2" || true
}

service_is_frozen() {
  local pid
  for pid in $(service_processes "$1"); do
    if grep -qs '^State:.T' "/proc/$pid/status"; then return 0; fi
  done
  return 1
}
