#!/usr/bin/env bash
# deploy.sh: measures the time from an empty lab to a site that responds: the report's YAML by kubectl, and the stack onprem by
# `pulumi up`, with the same images, in turn, $ROUNDS times (default 5) after one warm-up round. Then it measures `pulumi preview` and
# `kubectl diff` on the unchanged stack. The lab must have no stack; deploy.sh removes its own, also when interrupted.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${HANKKI_CACHE:?}" "${HANKKI_LAB:?}" "${HANKKI_PROGRAM:?}" "${HANKKI_COMMAND:?}"
source tools/bench/lib.sh
source tools/bench/race.sh
source tools/bench/report.sh
source tools/bench/stack.sh
export KUBECONFIG=$HANKKI_LAB/kubeconfig DOCKER_CONFIG=$HANKKI_LAB/docker
readonly ROUNDS=${ROUNDS:-5} ADDRESSES=(http://10.0.0.4/ http://10.0.0.3:5000/api/v1/recipes)

main() {
  local round
  require_empty
  work=$(mktemp -d) waiter=
  trap 'clean_up stack_down report_down' EXIT
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

main
