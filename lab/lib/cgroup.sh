# Control groups. Every process of the lab is in a group below `hankki`: those of a node in a group with the node's name, limits and
# a cgroup namespace, all others in `services`. So stopping the lab needs no list of process ids that could be stale.
# shellcheck shell=bash

# Controllers that the lab needs. With cgroup v2 its groups also get cpuset, if the kernel has it.
readonly CONTROLLERS=(cpu cpuacct cpuset memory devices freezer blkio pids) CONTROLLERS_V2=(cpu memory pids io)
readonly CGROUPS=/sys/fs/cgroup CGROUP_ASIDE=/sys/fs/cgroup/hankki-aside

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
}

cgroup_join() { # GROUP: moves the calling (sub)shell there; processes that it starts follow
  local folder
  cgroup_make "$1"
  while read -r folder; do echo "$BASHPID" >"$folder/cgroup.procs"; done < <(cgroup_folders "$1")
}

# controllers_enable: with cgroup v2, a group has the controllers that its parent enables, and a parent that enables some may have
# no process, except the machine's root. The root that a container sees is an ordinary group (only such a group has the file
# cgroup.type), so the container's processes step aside. `down` reverts both.
controllers_enable() {
  local controller wanted=() added=()
  [[ $(cgroup_version) == 2 ]] || return 0
  for controller in "${CONTROLLERS_V2[@]}" cpuset; do
    grep -qw "$controller" "$CGROUPS/cgroup.controllers" || continue
    wanted+=("$controller")
    grep -qw "$controller" "$CGROUPS/cgroup.subtree_control" || added+=("$controller")
  done
  echo "${added[*]}" >"$RUN/controllers"
  if [[ -f $CGROUPS/cgroup.type && -n $(cat "$CGROUPS/cgroup.procs") ]]; then
    mkdir -p "$CGROUP_ASIDE"
    cgroup_move "$CGROUPS" "$CGROUP_ASIDE"
  fi
  mkdir -p "$CGROUPS/hankki"
  echo "${wanted[*]/#/+}" >"$CGROUPS/cgroup.subtree_control"
  echo "${wanted[*]/#/+}" >"$CGROUPS/hankki/cgroup.subtree_control"
}

controllers_restore() {
  local controller added
  [[ -f $RUN/controllers ]] || return 0
  read -ra added <"$RUN/controllers"
  # The kernel refuses to disable a controller that a group of another program uses meanwhile, so it stays enabled.
  for controller in "${added[@]}"; do echo "-$controller" >"$CGROUPS/cgroup.subtree_control" || true; done 2>/dev/null
  if [[ -d $CGROUP_ASIDE ]]; then
    cgroup_move "$CGROUP_ASIDE" "$CGROUPS"
    rmdir "$CGROUP_ASIDE"
  fi
}

# cgroup_move FROM TO: moves all processes, also those that are started meanwhile. A process that has ended is not an error.
cgroup_move() {
  local pids pid
  for _ in {1..100}; do
    mapfile -t pids <"$1/cgroup.procs"
    ((${#pids[@]})) || return 0
    for pid in "${pids[@]}"; do echo "$pid" >"$2/cgroup.procs" || true; done 2>/dev/null
  done
  echo "control group $1: these processes could not be moved to $2 (0: a process outside of the container): ${pids[*]}" >&2
  return 1
}

# cgroup_existing [GROUP]: the folders of the group, by default of the whole lab. With cgroup v1, runc makes the groups of image builds
# also in hierarchies that the lab does not use.
cgroup_existing() {
  local folders folder
  if [[ $(cgroup_version) == 2 ]]; then folders=("$CGROUPS/hankki"); else folders=("$CGROUPS"/*/hankki); fi
  for folder in "${folders[@]/%/${1:+/$1}}"; do
    if [[ -d $folder ]]; then echo "$folder"; fi
  done
}

cgroup_pids() { # FOLDER...: the processes in the groups
  find "$@" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u || true
}

# cgroup_remove [GROUP]: kills every process in the group, by default in the whole lab, then removes the folders. A folder can be
# removed only after the kernel has reaped its processes, so both steps are repeated for up to 10 s.
cgroup_remove() {
  local try folders
  for try in {1..100}; do
    mapfile -t folders < <(cgroup_existing "${1:-}")
    ((${#folders[@]})) || return 0
    cgroup_pids "${folders[@]}" | xargs -r kill -9 2>/dev/null || true
    find "${folders[@]}" -depth -type d -exec rmdir {} + 2>/dev/null || true
    ((try == 1)) || sleep 0.1
  done
  echo "control groups of the lab are still in use after $try tries: $(cgroup_pids "${folders[@]}" | tr '\n' ' ')" >&2
  return 1
}
