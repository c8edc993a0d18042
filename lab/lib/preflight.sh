# Preflight: what the lab needs from the machine and `make up` cannot install. Each file in preflight/ checks one concern and
# prints one line for each problem, with its solution. The checks use only Debian's essential packages, take less than a
# second together and change nothing.
# shellcheck shell=bash

source "$here/preflight/commands.sh"
source "$here/preflight/system.sh"
source "$here/preflight/privileges.sh"
source "$here/preflight/kernel.sh"
source "$here/preflight/cgroups.sh"
source "$here/preflight/mounts.sh"
source "$here/preflight/disk.sh"
source "$here/preflight/memory.sh"
source "$here/preflight/other_lab.sh"
source "$here/preflight/ports.sh"

readonly PREFLIGHT=(commands system privileges kernel cgroups mounts disk memory other_lab ports)

preflight_problems() { # [CHECK...]: one line for each problem
  local check
  for check in "${@:-${PREFLIGHT[@]}}"; do "check_$check"; done
}

# A lab of this folder that runs has passed the checks, and uses the memory, the disk and the ports that they look at.
lab_preflight() { # [CHECK...]
  if [[ $(machine_lab_owner) == "$HANKKI_LAB" && -f $HANKKI_LAB/ready ]] && lab_lives; then return; fi
  need "this machine cannot run the lab" "$(preflight_problems "$@")"
}

machine_lab_owner() { cat "$LAB_MACHINE_ROOT$RUN/folder" 2>/dev/null || true; }

# nearest_folder PATH: PATH, or its nearest parent that exists
nearest_folder() {
  local folder=$1
  until [[ -d $folder ]]; do folder=$(dirname "$folder"); done
  echo "$folder"
}
