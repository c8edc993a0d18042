# Control groups. Each process of the lab is below one group `hankki`: a node's in a group of its own, with limits
# and a namespace, everything else in `services`. So "kill the lab" needs no list of pids that could be stale.
# shellcheck shell=bash

readonly CONTROLLERS=(cpu cpuacct cpuset memory devices freezer blkio pids) CONTROLLERS_V2=(cpu cpuset memory pids io)

cgroup_version() {
  if [[ -f $LAB_MACHINE_ROOT/sys/fs/cgroup/cgroup.controllers ]]; then echo 2; else echo 1; fi
}

# cgroup_roots: the folder `hankki` in each hierarchy; the first one lists every process of the lab.
cgroup_roots() {
  if [[ $(cgroup_version) == 2 ]]; then
    echo /sys/fs/cgroup/hankki
  else
    printf '/sys/fs/cgroup/%s/hankki\n' pids cpu cpuacct cpuset memory devices freezer blkio
  fi
}

cgroup_join() { # GROUP: the calling (sub)shell and all that it starts
  if [[ $(cgroup_version) == 2 ]]; then cgroup_join_v2 "$1"; else cgroup_join_v1 "$1"; fi
}

cgroup_join_v1() {
  local root
  while read -r root; do
    if [[ $1 == services && $root != /sys/fs/cgroup/pids/* ]]; then continue; fi
    mkdir -p "$root"
    if [[ $root == /sys/fs/cgroup/cpuset/* ]]; then # an empty cpuset takes no process
      cat /sys/fs/cgroup/cpuset/cpuset.cpus >"$root/cpuset.cpus"
      cat /sys/fs/cgroup/cpuset/cpuset.mems >"$root/cpuset.mems"
      echo 1 >"$root/cgroup.clone_children"
    fi
    mkdir -p "$root/$1"
    echo "$BASHPID" >"$root/$1/cgroup.procs"
  done < <(cgroup_roots)
}

# Not tried on a real cgroup v2 machine yet. The node's init moves itself into a leaf before it hands controllers on.
cgroup_join_v2() {
  local root=/sys/fs/cgroup/hankki
  mkdir -p "$root/$1"
  echo "${CONTROLLERS_V2[*]/#/+}" >/sys/fs/cgroup/cgroup.subtree_control
  echo "${CONTROLLERS_V2[*]/#/+}" >"$root/cgroup.subtree_control"
  echo "$BASHPID" >"$root/$1/cgroup.procs"
}

cgroup_pids() { # [GROUP]: the processes of that group, or of the whole lab
  local root
  root=$(cgroup_roots | head -n1)
  find "$root${1:+/$1}" -name cgroup.procs -exec cat {} + 2>/dev/null || true
}

# cgroup_remove [GROUP]: ends every process in it, then removes the folders. A killed pod's groups go away only when
# the kernel has reaped their processes, so both are tried for a while.
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
