# Control groups: the controllers that limit nodes and pods, in a hierarchy that root may write to.
# shellcheck shell=bash

check_cgroups() {
  local root=$LAB_MACHINE_ROOT/sys/fs/cgroup controller missing=()
  if [[ $(cgroup_version) == 2 ]]; then
    for controller in "${CONTROLLERS_V2[@]}"; do
      [[ " $(cat "$root/cgroup.controllers") " == *" $controller "* ]] || missing+=("$controller")
    done
    if ((${#missing[@]})); then
      echo "cgroup v2: /sys/fs/cgroup/cgroup.controllers lacks ${missing[*]}: enable them on the kernel command line (such as" \
        "cgroup_enable=memory), or run the container with --privileged --cgroupns=host"
    fi
    [[ -w $root/cgroup.procs ]] || echo "cgroup v2: /sys/fs/cgroup is not writable: run the container with --privileged"
    return
  fi
  for controller in "${CONTROLLERS[@]}"; do
    if [[ ! -f $root/$controller/cgroup.procs ]]; then
      missing+=("$controller")
    elif [[ ! -w $root/$controller/cgroup.procs ]]; then
      echo "cgroup v1: /sys/fs/cgroup/$controller is not writable: run the container with --privileged"
    fi
  done
  if ((${#missing[@]})); then
    echo "cgroup v1: no hierarchy is mounted below /sys/fs/cgroup for ${missing[*]}: mount each (mount -t cgroup -o NAME cgroup" \
      "/sys/fs/cgroup/NAME), or boot with cgroup v2"
  fi
}
