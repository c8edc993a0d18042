# The verbs `up` and `down`.
# shellcheck shell=bash

lab_up() {
  local step_log=$LOGS/up.log started=$EPOCHREALTIME
  if [[ $(lab_owner) == "$HANKKI_LAB" && -f $HANKKI_LAB/ready ]] && lab_lives; then
    [[ $(minor_of_lab) == "$KUBERNETES" ]] ||
      die "up: the running lab has Kubernetes $(minor_of_lab), not $KUBERNETES; make lab-down removes it"
    say "The lab is already running (lab/lab status prints its state)."
    return
  fi
  need "this machine cannot run the lab" "$(preflight_problems other_lab)"
  take_lock up
  if lab_leftovers; then
    say "  removing the remains of a lab that was not stopped by \"down\" ..."
    tear_down
  fi
  need "this machine cannot run the lab" "$(preflight_problems)"
  lab_build
  echo "$HANKKI_LAB" >"$RUN/folder"
  mkdir -p "$LOGS"
  : >"$step_log"
  sysctls_save
  controllers_enable
  cgroup_join services
  step "network" network_start
  step "registries" registry_create
  step "PostgreSQL" postgres_create
  step "loopback forwards" forwards_start
  step "nodes: containerd" nodes_start
  workers_pull >>"$LOGS/pull.log" 2>&1 & # saves time; kubelet pulls what is missing
  step "control plane (kubeadm init)" cluster_init
  step "pod network (Calico)" cluster_network
  wait
  step "workers join" each_parallel cluster_join w1 w2
  step "volumes" volumes_create
  step "all nodes and system pods Ready" cluster_ready
  touch "$HANKKI_LAB/ready"
  say "The lab is up with Kubernetes $KUBERNETES_VERSION ($(seconds_since "$started") s). export KUBECONFIG=$KUBECONFIG_FILE"
}

# lab_lives: whether any part runs. After all processes of the machine were killed, namespaces, mounts and files remain.
lab_lives() {
  local part
  for part in "${NODES[@]}" registry postgres; do
    if part_runs "$part"; then return 0; fi
  done
  return 1
}

nodes_start() { each_parallel node_start "${NODES[@]}"; }

lab_down() {
  local owner started=$EPOCHREALTIME
  owner=$(lab_owner)
  if [[ -n $owner && $owner != "$HANKKI_LAB" ]]; then
    die "the running lab belongs to the folder $owner: stop it with HANKKI_LAB=$owner lab/lab down"
  fi
  take_lock down
  if ! lab_leftovers; then
    rm -rf "$RUN"
    say "No lab is running."
    return
  fi
  tear_down
  rm -rf "$RUN"
  say "The lab is removed ($(seconds_since "$started") s)."
}
