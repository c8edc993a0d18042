# The verbs `stop` and `start`: a node loses its power; a service ends while its host goes on.
# shellcheck shell=bash

lab_stop() { # NODE or SERVICE
  claim "stop $1"
  part_runs "$1" || die "stop $1: it is stopped already"
  if is_node "$1"; then
    node_kill "$1"
    say "$1 has no power."
  else
    "$1_stop"
    say "$1 is stopped; who connects is refused."
  fi
}

lab_start() { # NODE or SERVICE
  claim "start $1"
  ! part_runs "$1" || die "start $1: it runs already"
  cgroup_join services
  if is_node "$1"; then
    node_kill "$1" # what a power cut that was itself killed left
    node_start "$1" >/dev/null
    say "$1 runs; kubelet reports it Ready within half a minute."
  else
    "$1_start"
    say "$1 runs."
  fi
}

part_runs() { if is_node "$1"; then node_runs "$1"; else "$1_runs"; fi; }
