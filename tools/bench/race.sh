# Times deployments in turn on a lab that is equally empty before each. Sourced. $ADDRESSES are the URLs that must answer; the caller
# sets $work and $waiter.
# shellcheck shell=bash

# race NAME COMMAND: appends to NAME.answered the seconds until all $ADDRESSES answer a client on the LAN, and to NAME.ended the seconds
# until COMMAND has exited as well. A certificate is not verified: its authority is unknown before the deployment.
race() {
  local started
  lab/lab exec client ip neigh flush all >/dev/null 2>&1 # forget which node announced the addresses in the last round
  started=$EPOCHREALTIME
  # shellcheck disable=SC2016 # the shell on the client host expands it
  timeout 600 lab/lab exec client bash -c '
    for url; do
      until [[ $(curl --noproxy "*" --insecure -s -o /dev/null --connect-timeout 0.2 -m 2 -w "%{http_code}" "$url") == 200 ]]; do sleep 0.1; done
    done
    echo "$EPOCHREALTIME"' answered "${ADDRESSES[@]}" >"$work/answered" &
  waiter=$!
  logged "$2" "$2"
  wait "$waiter" || die "$2: no answer from all of ${ADDRESSES[*]} within ten minutes"
  waiter=
  seconds_between "$started" "$EPOCHREALTIME" >>"$1.ended"
  seconds_between "$started" "$(<"$work/answered")" >>"$1.answered"
}

# require_empty: fails if the lab has a stack.
require_empty() {
  local there
  there=$(deployed)
  [[ -z $there ]] || die "the lab must have no stack and nothing in the namespace default; it has:
$there
  \`make destroy DATA=delete\` removes the stack dev, \`make lab-down\` the whole lab"
}

# remove COMMAND: runs COMMAND, waits until the lab has no stack, then 5 s more.
remove() {
  local last=$((SECONDS + 180))
  logged "$1" "$1"
  until [[ -z $(deployed) ]]; do
    ((SECONDS < last)) || die "$1: these objects still exist after three minutes:
$(deployed)"
    sleep 1
  done
  sleep 5
}

# deployed: prints the objects in the cluster that are not part of the lab.
deployed() {
  names namespaces hankki metallb-system
  names customresourcedefinitions | sed -n '/\.metallb\.io$/p'
  names deployments,pods,services,configmaps,secrets -n default | sed -e '\|^service/kubernetes$|d' -e '\|^configmap/kube-root-ca.crt$|d'
}

names() { kubectl get "$@" --ignore-not-found -o name || echo "listing $1 failed"; }

# clean_up COMMAND...: for the trap EXIT. It runs the COMMANDs, removes $work and exits with the script's code, or 1 if objects are left.
clean_up() {
  local status=$? left command
  trap - EXIT INT TERM
  set +e
  say "cleaning up"
  [[ -z $waiter ]] || kill "$waiter" 2>/dev/null # it may have exited already
  {
    for command; do "$command"; done
    kubectl delete namespace hankki metallb-system --ignore-not-found --timeout=180s # if a destroy failed
  } >"$work/log" 2>&1
  left=$(deployed)
  if [[ -n $left ]]; then
    tail -n 20 "$work/log" >&2
    say "bench: these objects were not removed; \`make lab-down\` removes the whole lab:"
    say "$left"
    status=1
  fi
  rm -rf "$work"
  exit "$status"
}
