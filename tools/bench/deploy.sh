#!/usr/bin/env bash
# deploy.sh: on the running lab, from nothing to a site that answers: the report's YAML by kubectl beside the stack onprem
# by `pulumi up`, with the same images, in turn, $ROUNDS times (5) after one that does not count; then our stack, unchanged,
# looked at by `pulumi preview` and by `kubectl diff`. It wants the lab without a stack and leaves it so, also when
# interrupted.
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
  [[ -z $there ]] || die "the lab must have no stack and nothing in the namespace default, but it has:
$there
  \`make destroy DATA=delete\` removes the stack dev, \`make lab-down\` the whole lab"
  work=$(mktemp -d) waiter=
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  stack_environment
  say "warm-up: images are built and pushed, and the nodes pull them"
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
  row "they do and the command has ended" ended
  echo
  tools/bench/unchanged.sh "$work/project" onprem
}

row() { # WHAT FILE
  echo "| $1 | $(of_all "$work/report.$2") | $(of_all "$work/stack.$2") | $(ratio "$work/report.$2" "$work/stack.$2") |"
}

# race NAME COMMAND: notes in NAME.answered how long it takes until people on the LAN have both, in NAME.ended until
# COMMAND has ended as well.
race() {
  local started
  lab/lab exec client ip neigh flush all >/dev/null 2>&1 # who had the addresses in the last round must not matter
  started=$EPOCHREALTIME
  # shellcheck disable=SC2016 # the shell on the client host expands it
  timeout 600 lab/lab exec client bash -c '
    for url; do
      until [[ $(curl --noproxy "*" -s -o /dev/null --connect-timeout 0.2 -m 2 -w "%{http_code}" "$url") == 200 ]]; do sleep 0.1; done
    done
    echo "$EPOCHREALTIME"' answered "${ADDRESSES[@]}" >"$work/answered" &
  waiter=$!
  logged "$2" "$2"
  wait "$waiter" || die "$2: ${ADDRESSES[*]} did not both answer within ten minutes"
  waiter=
  seconds_between "$started" "$EPOCHREALTIME" >>"$1.ended"
  seconds_between "$started" "$(<"$work/answered")" >>"$1.answered"
}

# remove COMMAND: and waits until the lab is as empty as at the beginning, and quiet.
remove() {
  local last=$((SECONDS + 180))
  logged "$1" "$1"
  until [[ -z $(deployed) ]]; do
    ((SECONDS < last)) || die "$1: after three minutes there still is:
$(deployed)"
    sleep 1
  done
  sleep 5
}

# deployed: what is on the lab and does not belong to it.
deployed() {
  names namespaces hankki metallb-system
  names customresourcedefinitions | sed -n '/\.metallb\.io$/p'
  names deployments,pods,services,configmaps,secrets -n default | sed -e '\|^service/kubernetes$|d' -e '\|^configmap/kube-root-ca.crt$|d'
}

names() { kubectl get "$@" --ignore-not-found -o name || echo "no answer about $1"; }

clean_up() {
  local status=$? left
  trap - EXIT INT TERM
  set +e
  say "cleaning up"
  [[ -z $waiter ]] || kill "$waiter" 2>/dev/null # it may have ended by itself
  {
    stack_down
    report_down
    kubectl delete namespace hankki metallb-system --ignore-not-found --timeout=180s # if a destroy failed
  } >"$work/log" 2>&1
  left=$(deployed)
  if [[ -n $left ]]; then
    tail -n 20 "$work/log" >&2
    say "bench: this could not be removed, \`make lab-down\` removes the whole lab:"
    say "$left"
    status=1
  fi
  rm -rf "$work"
  exit "$status"
}

main
