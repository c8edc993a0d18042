#!/usr/bin/env bash
# deploy.sh: measures the time from an empty lab to a site that responds: the report's YAML by kubectl, and the stack onprem by
# `pulumi up`, with the same images, in turn, $ROUNDS times (default 5) after one warm-up round. Then it measures `pulumi preview` and
# `kubectl diff` on the unchanged stack. The lab must have no stack; deploy.sh removes its own, also when interrupted.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${HANKKI_CACHE:?}" "${HANKKI_LAB:?}" "${HANKKI_PROGRAM:?}" "${HANKKI_COMMAND:?}"
source tools/bench/lib.sh
source tools/bench/report.sh
source tools/bench/stack.sh
export KUBECONFIG=$HANKKI_LAB/kubeconfig DOCKER_CONFIG=$HANKKI_LAB/docker
readonly ROUNDS=${ROUNDS:-5} ADDRESSES=(http://10.0.0.4/ http://10.0.0.3:5000/api/v1/recipes)

main() {
  local there round
  there=$(deployed)
  [[ -z $there ]] || die "the lab must have no stack and nothing in the namespace default; it has:
$there
  \`make destroy DATA=delete\` removes the stack dev, \`make lab-down\` the whole lab"
  work=$(mktemp -d) waiter=
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  stack_environment
  say "warm-up: builds and pushes the images, and the nodes pull them"
  logged "staging the stack onprem" stack_prepare
  race "$work/warm-up" stack_up
  report_prepare "$(stack_image redis)" "$(stack_image backend)" "$(stack_image frontend)"
  remove stack_down
  race "$work/warm-up" report_up
  remove report_down
  for ((round = 1; round <= ROUNDS; round++)); do
    race "$work/report" report_up
    remove report_down
    race "$work/stack" stack_up
    say "round $round of $ROUNDS: both addresses answered after $(tail -n 1 "$work/report.answered") s by kubectl, $(tail -n 1 "$work/stack.answered") s by pulumi"
    ((round == ROUNDS)) || remove stack_down
  done

  echo "| from nothing, medians of $ROUNDS (least–greatest) | \`kubectl apply\`, the report's YAML | \`pulumi up\`, stack onprem | ratio (goal: 1.3) |"
  echo "|---|---|---|---|"
  row "both addresses answer" answered
  row "both addresses answer and the command has exited" ended
  echo
  tools/bench/unchanged.sh "$work/project" onprem
}

row() { # WHAT FILE
  echo "| $1 | $(summary "$work/report.$2") | $(summary "$work/stack.$2") | $(ratio "$work/report.$2" "$work/stack.$2") |"
}

# race NAME COMMAND: appends to NAME.answered the seconds until both addresses answer a client on the LAN, and to NAME.ended the seconds
# until COMMAND has exited as well.
race() {
  local started
  lab/lab exec client ip neigh flush all >/dev/null 2>&1 # forget which node announced the addresses in the last round
  started=$EPOCHREALTIME
  # shellcheck disable=SC2016 # the shell on the client host expands it
  timeout 600 lab/lab exec client bash -c '
    for url; do
      until [[ $(curl --noproxy "*" -s -o /dev/null --connect-timeout 0.2 -m 2 -w "%{http_code}" "$url") == 200 ]]; do sleep 0.1; done
    done
    echo "$EPOCHREALTIME"' answered "${ADDRESSES[@]}" >"$work/answered" &
  waiter=$!
  logged "$2" "$2"
  wait "$waiter" || die "$2: no answer from both ${ADDRESSES[*]} within ten minutes"
  waiter=
  seconds_between "$started" "$EPOCHREALTIME" >>"$1.ended"
  seconds_between "$started" "$(<"$work/answered")" >>"$1.answered"
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

clean_up() {
  local status=$? left
  trap - EXIT INT TERM
  set +e
  say "cleaning up"
  [[ -z $waiter ]] || kill "$waiter" 2>/dev/null # it may have exited already
  {
    stack_down
    report_down
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

main
