# Packages that the lab needs, the lock of its verbs, and the removal of a lab from the machine.
# shellcheck shell=bash

# kubelet changes these for the whole machine; `down` restores them.
readonly SYSCTLS=(kernel.panic kernel.panic_on_oops vm.overcommit_memory vm.panic_on_oom
  kernel.keys.root_maxkeys kernel.keys.root_maxbytes)

sysctls_save() {
  [[ -f $RUN/sysctls ]] || sysctl "${SYSCTLS[@]}" >"$RUN/sysctls"
}

sysctls_restore() {
  if [[ -f $RUN/sysctls ]]; then sysctl -q -p "$RUN/sysctls"; fi
}

packages_check() { # one line for each missing command
  local command
  for command in ip nsenter unshare setpriv socat iptables mmdebstrap docker-registry htpasswd openssl curl jq gcc npm go git envsubst \
    "$POSTGRES_BIN/postgres" /usr/lib/cni/portmap; do
    command -v "$command" >/dev/null || echo "command $command: not found: make packages installs the Debian packages that lab/packages lists"
  done
}

# need MESSAGE LINES: exits with one error that lists all lines; does nothing without lines
need() {
  [[ -z $2 ]] || die "$1:"$'\n'"  - ${2//$'\n'/$'\n'  - }"
}

# take_lock VERB: allows one verb at a time to change the lab. The file `holder` names the process; if that process is dead, the lock
# is free. flock protects only the reading and writing of the file.
take_lock() {
  local lock pid started verb_held
  while :; do
    mkdir -p "$RUN"
    exec {lock}<"$RUN"
    flock "$lock"
    [[ $RUN -ef /proc/self/fd/$lock ]] && break
    exec {lock}<&-
  done
  if read -r pid started verb_held 2>/dev/null <"$RUN/holder" && [[ $(process_started "$pid") == "$started" ]]; then
    die "another \"$verb_held\" is in progress: process $pid, since $(ps -o lstart= -p "$pid")"
  fi
  echo "$$ $(process_started $$) $1" >"$RUN/holder"
  exec {lock}<&-
  # rmdir removes the folder only if it is empty. While the lab runs it is not.
  trap 'rm -f "$RUN/holder"; rmdir "$RUN" 2>/dev/null || true' EXIT
}

process_started() { cut -d' ' -f22 "$LAB_MACHINE_ROOT/proc/$1/stat" 2>/dev/null || true; }

lab_owner() { cat "$RUN/folder" 2>/dev/null || true; }

# lab_leftovers: whether a lab runs, an `up` of this folder was killed, or the machine was rebooted while one ran
lab_leftovers() { [[ -n $(lab_owner) || -e $LOGS ]]; }

# guests_stop: kills programs that the lab did not start but that have a pid file in its folder, such as buildkitd
guests_stop() {
  local file pid
  for file in "$HANKKI_LAB"/*/pid; do
    pid=$(cat "$file" 2>/dev/null) || continue
    # A process that has exited has no cmdline.
    if tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -F "$HANKKI_LAB/" >/dev/null; then kill -9 "$pid"; fi
  done
}

# tear_down: removes a lab, also one whose `up` was killed
tear_down() {
  guests_stop
  cgroup_remove
  controllers_restore
  network_stop
  rm -f "$RUN"/forward-*.sock
  sysctls_restore
  rm -rf "$HANKKI_LAB"/{nodes,registry,add-ons,postgres,log,kubeconfig,join-token,registry-password,postgres-password,postgres-ca.crt,ready}
  # The Makefile's files about this cluster.
  rm -rf "$HANKKI_LAB"/{state,stacks,passphrase,docker,buildkit}
  rmdir "$HANKKI_LAB" 2>/dev/null || true
}
