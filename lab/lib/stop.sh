# The verbs `stop` and `start`: a power cut of a node, or the end of a service while its host keeps running.
# shellcheck shell=bash

lab_stop() { # NODE or SERVICE
  take_lock "stop $1"
  part_runs "$1" || die "stop $1: $1 is already stopped"
  if is_node "$1"; then
    node_kill "$1"
    say "$1: powered off"
  else
    "$1_stop"
    say "$1: stopped; connections are refused"
  fi
}

lab_start() { # NODE or SERVICE
  take_lock "start $1"
  ! part_runs "$1" || die "start $1: $1 is already running"
  cgroup_join services
  if is_node "$1"; then
    node_kill "$1" # in case a previous `stop` was interrupted
    node_start "$1" >/dev/null
    say "$1: started; the node becomes Ready within half a minute"
  else
    "$1_start"
    say "$1: started"
  fi
}

part_runs() { if is_node "$1"; then node_runs "$1"; else "$1_runs"; fi; }
