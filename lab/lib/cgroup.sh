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

cgroup_join() { # GROUP: moves the calling (sub)shell there; processes that it starts follow
  if [[ $(cgroup_version) == 2 ]]; then cgroup_join_v2 "$1"; else cgroup_join_v1 "$1"; fi
}

cgroup_join_v1() {
  local root
  while read -r root; do
    # The services have no limits: they are in the hierarchy with every process, and in systemd's, which ends the processes of a session.
    if [[ $1 == services && ! $root =~ /(pids|systemd)/hankki$ ]]; then continue; fi
    mkdir -p "$root"
    if [[ $root == /sys/fs/cgroup/cpuset/* ]]; then # a cpuset without CPUs accepts no process
      cat /sys/fs/cgroup/cpuset/cpuset.cpus >"$root/cpuset.cpus"
      cat /sys/fs/cgroup/cpuset/cpuset.mems >"$root/cpuset.mems"
      echo 1 >"$root/cgroup.clone_children"
    fi
    mkdir -p "$root/$1"
    echo "$BASHPID" >"$root/$1/cgroup.procs"
  done < <(cgroup_roots)
}

# Not yet tested on a machine with cgroup v2. The node's init moves itself into a leaf group before it enables controllers.
cgroup_join_v2() {
  local root=/sys/fs/cgroup/hankki
  mkdir -p "$root/$1"
  echo "${CONTROLLERS_V2[*]/#/+}" >/sys/fs/cgroup/cgroup.subtree_control
  echo "${CONTROLLERS_V2[*]/#/+}" >"$root/cgroup.subtree_control"
  echo "$BASHPID" >"$root/$1/cgroup.procs"
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
