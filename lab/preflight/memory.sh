# Memory: the lab needs 4 GiB, of the machine and of the container that it may run in.
# shellcheck shell=bash

readonly MEMORY_GIB=4

check_memory() {
  local available limited
  available=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' "$LAB_MACHINE_ROOT/proc/meminfo")
  if ((available < MEMORY_GIB * 1048576)); then
    echo "memory: $(gib "$available") GiB are available, the lab needs $MEMORY_GIB GiB: stop other programs, or use a machine with more memory"
  fi
  limited=$(memory_under_limit)
  if [[ -n $limited ]] && ((limited < MEMORY_GIB * 1048576)); then
    echo "memory: the control group's limit leaves $(gib "$limited") GiB, the lab needs $MEMORY_GIB GiB: raise the limit (docker run --memory)"
  fi
}

# memory_under_limit: kB that the limit of the topmost visible control group leaves, where the lab's groups are created;
# page cache counts as free. Empty without a limit.
memory_under_limit() {
  local root=$LAB_MACHINE_ROOT/sys/fs/cgroup limit usage cache
  if [[ $(cgroup_version) == 2 ]]; then
    limit=$(cat "$root/memory.max" 2>/dev/null || true) usage=$(cat "$root/memory.current" 2>/dev/null || true)
  else
    root=$root/memory
    limit=$(cat "$root/memory.limit_in_bytes" 2>/dev/null || true) usage=$(cat "$root/memory.usage_in_bytes" 2>/dev/null || true)
  fi
  [[ $limit =~ ^[0-9]+$ ]] || return 0 # "max", or a machine's root group, which has no such file
  cache=$(sed -n 's/^\(total_\)\{0,1\}inactive_file //p' "$root/memory.stat" 2>/dev/null | tail -n1)
  echo $(((limit - ${usage:-0} + ${cache:-0}) / 1024))
}

gib() { # KB: GiB with one decimal
  local tenths=$(($1 * 10 / 1048576))
  echo "$((tenths / 10)).$((tenths % 10))"
}
