# Control groups. Every process of the lab is in a group below `hankki`: those of a node in a group with the node's name, limits and
# a cgroup namespace, all others in `services`. So stopping the lab needs no list of process ids that could be stale.
# shellcheck shell=bash

readonly CGROUPS=/sys/fs/cgroup
readonly CONTROLLERS=(cpu cpuacct cpuset memory devices freezer blkio pids) CONTROLLERS_V2=(cpu cpuset memory pids io)

cgroup_version() {
  if [[ -f $LAB_MACHINE_ROOT/sys/fs/cgroup/cgroup.controllers ]]; then echo 2; else echo 1; fi
}

# cgroup_hierarchies: the names of the hierarchies of cgroup v1 in which the lab has groups. The first has every process of the lab.
# Two names can be one hierarchy: systemd mounts cpu and cpuacct together. Its own hierarchy has no controllers; in a node without
# it, the kubelet reports an OOMKilled container as Error.
cgroup_hierarchies() {
  [[ $(cgroup_version) == 1 ]] || return 0
  printf '%s\n' pids cpu cpuacct cpuset memory devices freezer blkio
  if [[ -f $CGROUPS/systemd/cgroup.clone_children ]]; then echo systemd; fi
}

# cgroup_roots: the folder `hankki` in each hierarchy
cgroup_roots() {
  if [[ $(cgroup_version) == 2 ]]; then echo "$CGROUPS/hankki"; else cgroup_hierarchies | sed "s#.*#$CGROUPS/&/hankki#"; fi
}

# cgroup_folders GROUP: its folder in each hierarchy. The services have no limits: they are in the hierarchy with every process, and
# in systemd's, which ends the processes of a session.
cgroup_folders() {
  local root
  while read -r root; do
    if [[ $1 != services || $root =~ ^$CGROUPS/((pids|systemd)/)?hankki$ ]]; then echo "$root/$1"; fi
  done < <(cgroup_roots)
}

cgroup_make() { # GROUP
  local folder root
  while read -r folder; do
    root=$(dirname "$folder")
    mkdir -p "$root"
    if [[ $root == */cpuset/hankki ]]; then # a cpuset without CPUs accepts no process
      cat "$CGROUPS/cpuset/cpuset.cpus" >"$root/cpuset.cpus"
      cat "$CGROUPS/cpuset/cpuset.mems" >"$root/cpuset.mems"
      echo 1 >"$root/cgroup.clone_children"
    fi
    mkdir -p "$folder"
  done < <(cgroup_folders "$1")
  if [[ $(cgroup_version) == 2 ]]; then
    echo "${CONTROLLERS_V2[*]/#/+}" >"$CGROUPS/cgroup.subtree_control"
    echo "${CONTROLLERS_V2[*]/#/+}" >"$CGROUPS/hankki/cgroup.subtree_control"
  fi
}

cgroup_join() { # GROUP: moves the calling (sub)shell there; processes that it starts follow
  local folder
  cgroup_make "$1"
  while read -r folder; do echo "$BASHPID" >"$folder/cgroup.procs"; done < <(cgroup_folders "$1")
}

cgroup_pids() { # [GROUP]: the processes of the group, by default of the whole lab
  local root
  read -r root < <(cgroup_roots)
  find "$root${1:+/$1}" -name cgroup.procs -exec cat {} + 2>/dev/null || true
}

# cgroup_remove [GROUP]: kills every process in the group, by default in the whole lab, then removes the folders. A folder can be
# removed only after the kernel has reaped its processes, so both steps are repeated for up to 10 s.
cgroup_remove() {
  local try root left
  for try in {1..100}; do
    cgroup_pids "${1:-}" | xargs -r kill -9 2>/dev/null || true
    left=0
    while read -r root; do
      root=$root${1:+/$1}
      [[ -d $root ]] || continue
      find "$root" -depth -type d -exec rmdir {} + 2>/dev/null || left=1
    done < <(cgroup_roots)
    ((left)) || return 0
    sleep 0.1
  done
  echo "control groups of the lab are still in use after $try tries: $(cgroup_pids "${1:-}" | tr '\n' ' ')" >&2
  return 1
}
