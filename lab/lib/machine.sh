# What a lab asks of the machine, what it changes there, and putting it back.
# shellcheck shell=bash

# kubelet sets these for the whole machine.
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

binaries_check() {
  local name module
  while read -r name module _; do
    case $name in '' | '#'*) continue ;; esac
    [[ -x $HANKKI_CACHE/bin/$name ]] || echo "binary $HANKKI_CACHE/bin/$name: not found: make lab-build builds it (module $module)"
  done <"$here/binaries"
}

# need WHAT LINES: one error with all that is missing
need() {
  [[ -z $2 ]] || die "$1:"$'\n'"  - ${2//$'\n'/$'\n'  - }"
}

# claim VERB: one verb that changes the lab at a time. The holder is a live process or nobody: one that was killed
# holds nothing. The folder is locked only while that is looked up.
claim() {
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
  # While the lab runs the folder holds more and stays; only an empty one is a trace to remove.
  trap 'rm -f "$RUN/holder"; rmdir "$RUN" 2>/dev/null || true' EXIT
}

process_started() { cut -d' ' -f22 "$LAB_MACHINE_ROOT/proc/$1/stat" 2>/dev/null || true; }

lab_owner() { cat "$RUN/folder" 2>/dev/null || true; }

# lab_leftovers: whether a lab of this folder runs, or one was killed half-way, or the machine went down with one
lab_leftovers() { [[ -n $(lab_owner) || -e $LOGS ]]; }

# guests_stop: programs that the lab did not start but that keep their pid in its folder, such as the image builder
guests_stop() {
  local file pid
  for file in "$HANKKI_LAB"/*/pid; do
    pid=$(cat "$file" 2>/dev/null) || continue
    if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$HANKKI_LAB/"; then kill -9 "$pid"; fi
  done
}

# tear_down: also of a lab that was killed half-way up
tear_down() {
  cgroup_remove
  network_stop
  rm -f "$RUN"/forward-*.sock
  sysctls_restore
  guests_stop
  rm -rf "$HANKKI_LAB"/{nodes,registry,add-ons,postgres,log,kubeconfig,join-token,registry-password,postgres-password,postgres-ca.crt,ready}
  # What the Makefile keeps here, because it describes this cluster and dies with it.
  rm -rf "$HANKKI_LAB"/{state,stacks,passphrase,docker,buildkit}
  rmdir "$HANKKI_LAB" 2>/dev/null || true
}
