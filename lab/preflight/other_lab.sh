# One lab a machine, and one verb at a time that changes it.
# shellcheck shell=bash

check_other_lab() {
  local owner pid started held
  owner=$(machine_lab_owner)
  if [[ -n $owner && $owner != "$HANKKI_LAB" ]]; then
    echo "lab: the lab of the folder $owner runs on this machine: stop it with HANKKI_LAB=$owner lab/lab down"
  fi
  if read -r pid started held 2>/dev/null <"$LAB_MACHINE_ROOT$RUN/holder" && [[ $pid != "$$" && $(process_started "$pid") == "$started" ]]; then
    echo "lab: another \"$held\" is in progress: process $pid, wait for its end or stop it (kill $pid)"
  fi
}
