# The verbs that start and stop the lab and its nodes.
# shellcheck shell=bash

lab_up() {
  local owner step_log=$LOGS/up.log started=$EPOCHREALTIME
  owner=$(lab_owner)
  if [[ -n $owner && $owner != "$HANKKI_LAB" ]]; then
    die "the lab of another folder runs on this machine; stop it first: HANKKI_LAB=$owner lab/lab down"
  fi
  if [[ -n $owner && -f $HANKKI_LAB/ready ]]; then
    say "The lab runs already (\"lab/lab status\" says how it is)."
    return
  fi
  claim up
  if lab_leftovers; then
    say "  removing what an unfinished \"up\" left ..."
    tear_down
  fi
  need "the lab cannot start here" "$(each_forward forward_conflict)"
  lab_build
  echo "$HANKKI_LAB" >"$RUN/folder"
  mkdir -p "$LOGS"
  : >"$step_log"
  sysctls_save
  cgroup_join services
  step "network" network_start
  step "registries" registries_start
  step "PostgreSQL" postgres_start
  step "loopback forwards" forwards_start
  step "nodes: containerd" nodes_start
  workers_pull >>"$LOGS/pull.log" 2>&1 & # only saves time: what it misses, kubelet pulls
  step "control plane (kubeadm init)" cluster_init
  step "pod network (Calico)" cluster_network
  wait
  step "workers join" each_parallel cluster_join w1 w2
  step "all nodes and system pods Ready" cluster_ready
  touch "$HANKKI_LAB/ready"
  say "The lab is up after $(seconds_since "$started") s. export KUBECONFIG=$KUBECONFIG_FILE"
}

nodes_start() { each_parallel node_start "${NODES[@]}"; }

lab_down() {
  local owner started=$EPOCHREALTIME
  owner=$(lab_owner)
  if [[ -n $owner && $owner != "$HANKKI_LAB" ]]; then
    die "the lab that runs is of another folder: HANKKI_LAB=$owner lab/lab down"
  fi
  claim down
  if ! lab_leftovers; then
    rm -rf "$RUN"
    say "No lab runs."
    return
  fi
  tear_down
  rm -rf "$RUN"
  say "The lab is down, nothing of it is left ($(seconds_since "$started") s)."
}

lab_stop() { # NODE
  claim "stop $1"
  node_runs "$1" || die "stop $1: the node is stopped already"
  node_kill "$1"
  say "$1 has no power."
}

lab_start() { # NODE
  claim "start $1"
  ! node_runs "$1" || die "start $1: the node runs already"
  node_kill "$1"
  cgroup_join services
  node_start "$1" >/dev/null
  say "$1 runs; kubelet reports it Ready within half a minute."
}
