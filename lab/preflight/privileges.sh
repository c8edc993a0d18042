# Root, with the capabilities that a container's root may lack.
# shellcheck shell=bash

# name and bit, as in linux/capability.h
readonly CAPABILITIES="
CAP_NET_ADMIN 12
CAP_SYS_CHROOT 18
CAP_SYS_ADMIN 21
CAP_MKNOD 27
"

check_privileges() {
  local effective name bit missing=()
  if [[ $(id -u) != 0 ]]; then
    echo "user: not root; the lab creates namespaces, mounts and control groups: run make as root, or use a cluster of your own (LAB=off)"
    return
  fi
  effective=$(sed -n 's/^CapEff:[[:space:]]*//p' "$LAB_MACHINE_ROOT/proc/self/status")
  while read -r name bit; do
    [[ -z $name ]] || ((0x$effective >> bit & 1)) || missing+=("$name")
  done <<<"$CAPABILITIES"
  if ((${#missing[@]})); then
    echo "capabilities: root lacks ${missing[*]}: run the container privileged (docker run --privileged)"
  fi
}
